package dev.tocsin.engine.replay;

import dev.tocsin.triggers.PlainDuration;
import dev.tocsin.triggers.Reason;
import dev.tocsin.triggers.runtime.FiringProgress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** How near to firing, or why it fired, for a person. */
public final class ProgressText {

  private ProgressText() {}

  /** As {@code 2 of 3}; empty if nothing is known. */
  public static String of(FiringProgress progress) {
    return switch (progress) {
      case FiringProgress.None _ -> "";
      case FiringProgress.Events(int counted, int needed) -> counted + " of " + needed;
      case FiringProgress.Silence(long lasted, long within) -> time(lasted) + " of " + time(within);
      case FiringProgress.Triggers(int fired, int needed) -> fired + " of " + needed + " triggers";
      case FiringProgress.Complete(Reason reason) -> reason.sentence();
    };
  }

  private static String time(long micros) {
    return PlainDuration.of(Duration.of(micros, ChronoUnit.MICROS));
  }
}
