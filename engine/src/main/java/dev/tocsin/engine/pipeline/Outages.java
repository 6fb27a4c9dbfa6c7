package dev.tocsin.engine.pipeline;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Queues a blind interval for each time in which the engine could not see: while it was down, while
 * it was stalled, while commits failed.
 */
final class Outages {

  private final IntakeQueue intake;
  private final StallDetector stalls;
  private final Duration startupGrace;

  /* Owned by the writer thread. */
  private @Nullable Instant commitsFailSince;

  /* Owned by the thread that starts the engine. */
  private @Nullable Instant graceUntil;

  /**
   * None so far.
   *
   * @param startupGrace how long senders may take to return after a start
   */
  Outages(IntakeQueue intake, StallDetector stalls, Duration startupGrace) {
    this.intake = intake;
    this.stalls = stalls;
    this.startupGrace = startupGrace;
  }

  /** The blind interval of a start: since the engine last saw, until senders have returned. */
  Submission.@Nullable BlindPeriod down(Instant lastSeen, Instant now) {
    Instant until = now.plus(startupGrace);
    graceUntil = until;
    return lastSeen.isBefore(until)
        ? new Submission.BlindPeriod(lastSeen, until, BlindCause.DOWN)
        : null;
  }

  /** Senders are served from now on: if the start took long, their time to return begins here. */
  void serving() {
    Instant before = graceUntil;
    Instant now = intake.observe();
    if (before != null && before.plus(StallDetector.INTERVAL).isBefore(now.plus(startupGrace))) {
      Instant from = before.isBefore(now) ? before : now;
      intake.addBlind(new Submission.BlindPeriod(from, now.plus(startupGrace), BlindCause.DOWN));
    }
  }

  /** From now on a stall is noticed. */
  void startStallDetection() {
    intake.startStallDetection();
    stalls.start();
  }

  void stopStallDetection() {
    stalls.dispose();
  }

  /** Commits begin to fail. On the writer thread. */
  void commitsFail() {
    commitsFailSince = intake.observe();
  }

  /** Commits succeed again. On the writer thread. */
  void commitsResume() {
    Instant since = commitsFailSince;
    commitsFailSince = null;
    if (since != null) {
      Instant until = intake.observe().plus(IntakeQueue.SENDERS_RETURN);
      intake.addBlind(new Submission.BlindPeriod(since, until, BlindCause.NOT_READY));
    }
  }
}
