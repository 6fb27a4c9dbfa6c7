package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.store.Alive;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
   * The blind interval of a start, unless it is empty: since the engine last observed events, by
   * the host's clock, until senders have returned. If that clock was ahead then, it was set back
   * since.
   */
  List<Submission> down(Alive before, Instant now) {
    List<Submission> observed = new ArrayList<>();
    Instant host = now.minus(intake.time().ahead());
    if (host.isBefore(before.host())) {
      observed.add(new Submission.ClockSetBack(now, new SteadyClock.SetBack(before.host(), host)));
    }
    intake.time().confirmSince(before.host());
    Instant seen = before.host().isBefore(host) ? before.host() : host;
    Instant from = now.minus(Duration.between(seen, host));
    Instant until = now.plus(startupGrace);
    downtime = new Downtime(from, until, before.stopped());
    if (from.isBefore(until)) {
      observed.add(intake.blind(from, until, BlindCause.DOWN));
    }
    return observed;
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
      intake.addBlind(intake.blind(from, until, BlindCause.DOWN));
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
      intake.addBlind(intake.blind(since, until, BlindCause.NOT_READY));
    }
  }
}
