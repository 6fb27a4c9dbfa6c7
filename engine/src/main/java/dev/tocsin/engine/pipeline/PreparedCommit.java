package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.store.Commit;
import java.util.List;
import java.util.Set;

/**
 * A batch after evaluation: what must become durable, and what happens then.
 *
 * @param hasFeedback whether own events are among it
 * @param destinations that have new invocations
 * @param effects carried out once all of it is durable
 */
record PreparedCommit(
    Commit commit, boolean hasFeedback, Set<String> destinations, List<CommitEffect> effects) {}
