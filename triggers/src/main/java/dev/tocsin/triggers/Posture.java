package dev.tocsin.triggers;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether an event trigger fires on the presence of events or on their absence. */
public sealed interface Posture {

  /** The name in YAML: {@code Reactive} or {@code Proactive}. */
  String label();

  /** Fires when enough events are seen. */
  record Reactive() implements Posture {
    @Override
    public String label() {
      return "Reactive";
    }
  }

  /**
   * Fires when too few events are seen.
   *
   * @param lateness how long a deadline waits for late events
   * @param onBlind what happens to a window that the engine did not see completely
   * @param repeat of a watch: interval at which it fires again while absent; null is never
   * @param roster of a watch: keys that are expected to exist, in the order declared
   * @param forgetAfter of a watch: how long a key stays absent before it is forgotten
   */
  record Proactive(
      Duration lateness,
      OnBlind onBlind,
      @Nullable Duration repeat,
      List<BucketingKey> roster,
      Duration forgetAfter)
      implements Posture {

    /** The default of {@code forget_after}. */
    public static final Duration DEFAULT_FORGET_AFTER = Duration.ofDays(30);

    /** Copies. */
    public Proactive {
      roster = List.copyOf(roster);
    }

    @Override
    public String label() {
      return "Proactive";
    }
  }
}
