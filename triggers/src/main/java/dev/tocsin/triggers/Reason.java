package dev.tocsin.triggers;

import java.time.Duration;
import java.time.Instant;

/** Why a trigger fired. */
public sealed interface Reason {

  /** The reason in one plain sentence. */
  String sentence();

  /**
   * An event that fits, each for itself.
   *
   * @param eventName its name
   */
  record Matched(String eventName) implements Reason {
    @Override
    public String sentence() {
      return "event " + eventName + " fits.";
    }
  }

  /**
   * Enough expected events within a window.
   *
   * @param count how many
   * @param since the oldest of them
   * @param until the newest of them
   * @param within length of the window
   */
  record Counted(int count, Instant since, Instant until, Duration within) implements Reason {
    @Override
    public String sentence() {
      return count + (count == 1 ? " expected event" : " expected events") + " from " + since
          + " to " + until + ", within " + within + ".";
    }
  }

  /**
   * Enough expected events after one that opened a window.
   *
   * @param count how many
   * @param opened when the window opened
   * @param last the newest of those counted, in order of evaluation
   * @param within length of the window; zero is no end
   */
  record Followed(int count, Instant opened, Instant last, Duration within) implements Reason {
    @Override
    public String sentence() {
      return count + (count == 1 ? " expected event" : " expected events") + " up to " + last
          + ", after the window opened at " + opened
          + (within.isZero() ? "." : ", within " + within + ".");
    }
  }
}
