package dev.tocsin.config.settings;

import dev.tocsin.triggers.runtime.RuntimeSettings;
import java.time.Duration;

/** Settings that decide what fires; see {@link Setting}. */
public record EvaluationSettings(
    Duration lapse, Duration followsPatience, Duration followsMemory, int maxCausalDepth) {

  /** The same for the runtime of triggers: in the daemon, in tests and in backtests. */
  public RuntimeSettings runtime() {
    return new RuntimeSettings(
        lapse, maxCausalDepth, followsPatience, followsMemory, RuntimeSettings.MAX_FOLLOWS_MOST);
  }
}
