package dev.tocsin.engine.pipeline;

import dev.tocsin.actions.AutomationEvents;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.runtime.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which of the keys that triggers evict are reported: of each automation the first of a period of
 * the engine clock, so that a full table does not double the stream; and none past the deepest
 * causal chain, so that a tale of it cannot bring about the next for ever.
 */
final class EvictedKeys {

  private final int maxCausalDepth;
  private final Map<String, Long> periodsTold = new HashMap<>();

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
  List<Step.Eviction> toTell(Step step, @Nullable Event cause, Instant now) {
    if (step.evicted().isEmpty() || (cause != null && cause.causalDepth() >= maxCausalDepth)) {
      return List.of();
    }
    long period = AutomationEvents.evictionPeriod(now);
    List<Step.Eviction> told = new ArrayList<>();
    for (Step.Eviction each : step.evicted()) {
      Long before = periodsTold.put(each.automation(), period);
      if (before == null || before != period) {
        told.add(each);
      }
    }
    return told;
  }
}
