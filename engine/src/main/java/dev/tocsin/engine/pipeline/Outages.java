package dev.tocsin.engine.pipeline;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Queues a blind interval for each time in which the engine could not observe events: while it was
 * down, while it was stalled, while commits failed.
 */
final class Outages {

  private static final Logger LOG = LoggerFactory.getLogger(Outages.class);

  private final IntakeQueue intake;
  private final StallDetector stalls;
  private final Duration startupGrace;

  /* Owned by the writer thread. */
  private @Nullable Instant commitsFailSince;

  /* Owned by the thread that starts the engine. */
  private @Nullable Downtime downtime;

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

  /**
   * When the engine did not run before this start.
   *
   * @param graceUntil when senders should have returned
   * @param stopped whether it had been stopped as asked
   */
  private record Downtime(Instant from, Instant graceUntil, boolean stopped) {}

  /**
   * The blind interval of a start: since the engine last observed events, until senders have
   * returned. Null if that interval is empty.
   *
   * @param stopped whether the engine had been stopped as asked
   */
  Submission.@Nullable BlindPeriod down(Instant from, boolean stopped, Instant now) {
    Instant until = now.plus(startupGrace);
    downtime = new Downtime(from, until, stopped);
    return from.isBefore(until) ? new Submission.BlindPeriod(from, until, BlindCause.DOWN) : null;
  }

  /**
   * Senders are served from now on: if the start took long, their time to return begins here. Logs
   * the whole interval.
   */
  void serving() {
    Instant now = intake.observe();
    Downtime down = downtime;
    if (down == null) {
      return;
    }
    Instant until = down.graceUntil();
    if (until.plus(StallDetector.INTERVAL).isBefore(now.plus(startupGrace))) {
      Instant from = until.isBefore(now) ? until : now;
      until = now.plus(startupGrace);
      intake.addBlind(new Submission.BlindPeriod(from, until, BlindCause.DOWN));
    }
    if (!down.from().isBefore(until)) {
      return;
    }
    if (down.stopped()) {
      LOG.info(
          "Not observing from {} until {} (stopped for {} s): absences follow their on_blind.",
          down.from(),
          until,
          Duration.between(down.from(), now).toSeconds());
    } else {
      LOG.warn(
          "Blind from {} until {} ({}): absences follow their on_blind.",
          down.from(),
          until,
          BlindCause.DOWN.label());
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
