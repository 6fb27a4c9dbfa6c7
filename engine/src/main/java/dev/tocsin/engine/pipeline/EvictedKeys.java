package dev.tocsin.engine.pipeline;

import dev.tocsin.actions.AutomationEvents;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.runtime.Step;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of the keys that triggers evict are reported: of each automation the first of a period of
 * the engine clock, so that a full table does not double the stream; and none past the deepest
 * causal chain, so that a report cannot cause the next one without end.
 */
final class EvictedKeys {

  private final int maxCausalDepth;
  private final Set<String> reported = new HashSet<>();
  private long period = Long.MIN_VALUE;

  EvictedKeys(int maxCausalDepth) {
    this.maxCausalDepth = maxCausalDepth;
  }

  /**
   * Those of a step to be reported. One that was reported before a restart may be among them; its
   * event has the same id and is not stored again.
   *
   * @param cause the event of the step, if it has one
   * @param now the engine clock
   */
  List<Step.Eviction> toReport(Step step, @Nullable Event cause, Instant now) {
    if (step.evicted().isEmpty() || (cause != null && cause.causalDepth() >= maxCausalDepth)) {
      return List.of();
    }
    long current = AutomationEvents.evictionPeriod(now);
    if (current != period) {
      period = current;
      reported.clear();
    }
    return step.evicted().stream().filter(each -> reported.add(each.automation())).toList();
  }
}
