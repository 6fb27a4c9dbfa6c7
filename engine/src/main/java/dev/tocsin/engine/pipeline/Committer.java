package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.delivery.Dispatcher;
import dev.tocsin.engine.metrics.Metrics;
import dev.tocsin.engine.store.CheckpointSlice;
import dev.tocsin.engine.store.Commit;
import dev.tocsin.engine.store.FeedbackEvent;
import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.StoreAccess;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Makes what was evaluated durable, then lets its effects out: answers, deliveries, subscribers.
 * For the writer thread alone, except {@link #failure}.
 */
final class Committer {

  /** Own events of a batch; the store returns fewer if they are large. */
  static final int MAX_FEEDBACK = 500;

  private final Store store;
  private final StoreAccess access;
  private final Dispatcher dispatcher;
  private final Metrics metrics;
  private final Outlet outlet;
  private final CommitEffects effects;
  private boolean feedbackWaits = true;

  Committer(
      Store store,
      StoreAccess access,
      Dispatcher dispatcher,
      Outlet outlet,
      Metrics metrics,
      CommitEffects effects) {
    this.store = store;
    this.access = access;
    this.dispatcher = dispatcher;
    this.outlet = outlet;
    this.metrics = metrics;
    this.effects = effects;
  }

  /** Why what is evaluated does not become durable now; null if it does. */
  @Nullable String failure() {
    return access.failure();
  }

  /** Retries while the store fails; work must change nothing before it succeeds. */
  <T> Mono<T> attempt(Callable<T> work) {
    return access.attempt(work);
  }

  /** Own events that wait to be evaluated, the oldest first. */
  List<FeedbackEvent> feedback() {
    List<FeedbackEvent> feedback = feedbackWaits ? store.feedback(0, MAX_FEEDBACK) : List.of();
    feedbackWaits = !feedback.isEmpty();
    return feedback;
  }

  /** Blocks until it is durable, and fails if the store does; may be retried as it is. */
  void commit(PreparedCommit prepared, CheckpointSlice slice) {
    Commit commit = prepared.commit();
    metrics.committing(commit.entries().size(), () -> store.commit(commit, slice));
  }

  /** What was committed takes effect. */
  void release(PreparedCommit committed) {
    effects.carryOut(committed.effects());
    List<JournalEntry> entries = committed.commit().entries();
    if (!entries.isEmpty()) {
      outlet.committed(entries.getLast().sequence());
    }
    feedbackWaits |= committed.hasFeedback();
    dispatcher.call(committed.destinations());
  }

  /** Commits and takes effect, before the chain runs. Blocks, and fails if the store does. */
  void commitNow(PreparedCommit prepared) {
    if (!prepared.commit().isEmpty()) {
      store.commit(prepared.commit());
    }
    effects.carryOut(prepared.effects());
  }
}
