package dev.tocsin.triggers;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Why a trigger fired. */
public sealed interface Reason {

  /** The reason in one plain sentence. */
  String sentence();

  /**
   * A single matching event.
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
      return count
          + (count == 1 ? " expected event" : " expected events")
          + " from "
          + since
          + " to "
          + until
          + ", within "
          + PlainDuration.of(within)
          + ".";
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
      return count
          + (count == 1 ? " expected event" : " expected events")
          + " up to "
          + last
          + ", after the window opened at "
          + opened
          + (within.isZero() ? "." : ", within " + PlainDuration.of(within) + ".");
    }
  }

  /**
   * Too few expected events up to a deadline.
   *
   * @param seen how many there were
   * @param threshold how many are expected
   * @param deadline end of the window
   * @param within length of the window that ends there
   * @param absentSince the deadline at which it first fired, where this is a repeat
   * @param blind what of the window the engine could not see, if any
   */
  record Absent(
      int seen,
      int threshold,
      Instant deadline,
      Duration within,
      @Nullable Instant absentSince,
      @Nullable BlindSpan blind)
      implements Reason {

    /** Of a window without a blind interval. */
    public Absent(
        int seen, int threshold, Instant deadline, Duration within, @Nullable Instant absentSince) {
      this(seen, threshold, deadline, within, absentSince, null);
    }

    @Override
    public String sentence() {
      return seen
          + " of "
          + threshold
          + (threshold == 1 ? " expected event" : " expected events")
          + " in the "
          + PlainDuration.of(within)
          + " before "
          + deadline
          + (absentSince == null ? "" : ", absent since " + absentSince)
          + (blind == null ? "." : "; " + blind.clause() + ".");
    }
  }

  /**
   * The part of a window in which the engine could not see events.
   *
   * @param from the start of its first blind interval
   * @param until the end of its last blind interval
   * @param total the blind time in the window
   * @param extended whether window and deadline were extended by that time
   */
  record BlindSpan(Instant from, Instant until, Duration total, boolean extended) {

    private String clause() {
      return "the engine could not see for "
          + PlainDuration.of(total)
          + " between "
          + from
          + " and "
          + until
          + (extended ? ", by which the window was extended" : "");
    }
  }

  /**
   * An absence that had fired has ended.
   *
   * @param absentSince the deadline at which it first fired
   * @param until when it fires again if no more events are seen
   */
  record Returned(Instant absentSince, Instant until) implements Reason {
    @Override
    public String sentence() {
      return "expected events are back after an absence since " + absentSince + ".";
    }
  }

  /**
   * Enough triggers of a composite have fired.
   *
   * @param fired how many
   * @param of number of its triggers
   * @param since time of the oldest of these firings
   * @param until time of the newest
   * @param inOrder whether it was a sequence
   */
  record Children(int fired, int of, Instant since, Instant until, boolean inOrder)
      implements Reason {
    @Override
    public String sentence() {
      return fired
          + " of "
          + of
          + " triggers fired"
          + (inOrder ? " in order" : "")
          + " from "
          + since
          + " to "
          + until
          + ".";
    }
  }
}
