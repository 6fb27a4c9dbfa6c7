package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.EngineClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time of day, but never back. If the host's clock steps back, time continues from its latest
 * value by the counter of the host, so that what is armed meanwhile reaches its deadline; it then
 * runs slower by a hundredth until the host's clock has caught up. Safe for all threads.
 */
final class SteadyClock implements InstantSource {

  private static final Logger LOG = LoggerFactory.getLogger(SteadyClock.class);

  /** A difference between the host's clock and its counter from which on the clock has jumped. */
  static final Duration MIN_JUMP = Duration.ofSeconds(1);

  /** How long the host's clock must continue after a jump before {@link #proven} includes it. */
  private static final Duration CONFIRMATION = Duration.ofHours(1);

  /** While it is ahead, it loses one part in this many of the time that passes. */
  private static final int SLOWER_BY = 100;

  /** Clock and counter are read together if no more than this passes meanwhile. */
  private static final Duration TOGETHER = Duration.ofMillis(100);

  private static final int READ_ATTEMPTS = 5;

  /** Of the jumps within an hour, only this number is logged. */
  private static final int MAX_LOGGED = 10;

  private final EngineClock host;
  private final Consumer<Duration> jumped;

  /* Guarded by this object's monitor. */
  private HostReading last;
  private Instant latest;
  private Duration ahead = Duration.ZERO;
  private Duration unproven = Duration.ZERO;
  private Duration provenAt = Duration.ZERO;
  private @Nullable SetBack setBack;
  private Duration loggedSince;
  private int logged;

  /**
   * A clock at the host's time.
   *
   * @param jumped receives each jump of the host's clock, negative if it went back
   */
  SteadyClock(EngineClock host, Consumer<Duration> jumped) {
    this.host = host;
    this.jumped = jumped;
    this.last = read();
    this.latest = last.instant();
    this.loggedSince = last.counter();
  }

  private record HostReading(Instant instant, Duration counter) {}

  /** A step back of the host's clock: what it showed before and after. */
  record SetBack(Instant before, Instant host) {}

  /** From now on it returns nothing before this instant. */
  synchronized void resumeFrom(Instant instant) {
    if (instant.isAfter(latest)) {
      latest = instant;
      var _ = instant();
      if (ahead.compareTo(MIN_JUMP) >= 0) {
        LOG.warn(
            "The host's clock shows {}, {} before the last entry. The engine's clock never goes"
                + " back: it continues from {}, slower by one percent until they agree.",
            last.instant(),
            ahead.truncatedTo(ChronoUnit.MILLIS),
            latest);
      }
    }
  }

  /** What passed since an instant of the host's clock is not {@link #proven} yet. */
  synchronized void confirmSince(Instant known) {
    Duration gap = Duration.between(known, last.instant());
    if (gap.isPositive()) {
      doubt(gap);
    }
  }

  @Override
  public synchronized Instant instant() {
    HostReading now = read();
    Duration passed = notNegative(now.counter().minus(last.counter()));
    Duration jump = Duration.between(last.instant(), now.instant()).minus(passed);
    last = now;
    ahead = notNegative(ahead.minus(passed.dividedBy(SLOWER_BY)));
    if (jump.abs().compareTo(MIN_JUMP) >= 0) {
      jump(jump);
    }
    if (now.instant().plus(ahead).isBefore(latest)) {
      ahead = Duration.between(now.instant(), latest.plus(passed));
    }
    Instant next = now.instant().plus(ahead).truncatedTo(ChronoUnit.MILLIS);
    latest = next.isBefore(latest) ? latest : next;
    return latest;
  }

  /** By how much it was ahead of the host's clock when it was last read. */
  synchronized Duration ahead() {
    return ahead;
  }

  /**
   * An instant that the host's clock has reached without doubt: a jump forward, or the time since
   * the last run, counts once an hour has passed by the counter since. For what cannot be undone.
   */
  synchronized Instant proven() {
    var _ = instant();
    if (last.counter().compareTo(provenAt) >= 0) {
      unproven = Duration.ZERO;
    }
    return last.instant().minus(unproven);
  }

  /** The steps back since the last call as one, or null. */
  synchronized @Nullable SetBack pollSetBack() {
    SetBack polled = setBack;
    setBack = null;
    return polled;
  }

  private void jump(Duration jump) {
    if (jump.isPositive()) {
      ahead = notNegative(ahead.minus(jump));
      doubt(jump);
    } else {
      unproven = notNegative(unproven.plus(jump));
      Instant before = last.instant().minus(jump);
      SetBack waiting = setBack;
      setBack =
          new SetBack(
              waiting == null || waiting.before().isBefore(before) ? before : waiting.before(),
              last.instant());
    }
    jumped.accept(jump);
    log(jump);
  }

  private void doubt(Duration gap) {
    unproven = unproven.plus(gap);
    provenAt = last.counter().plus(CONFIRMATION);
  }

  private void log(Duration jump) {
    if (last.counter().minus(loggedSince).compareTo(CONFIRMATION) >= 0) {
      loggedSince = last.counter();
      logged = 0;
    }
    if (logged++ < MAX_LOGGED) {
      LOG.warn(
          "The host's clock jumped {} by {} to {}; the engine's clock never goes back.",
          jump.isPositive() ? "forward" : "back",
          jump.abs().truncatedTo(ChronoUnit.MILLIS),
          last.instant());
    }
  }

  /** Without the time that this thread may have been held up between the two. */
  private HostReading read() {
    Duration before = host.counter();
    for (int attempt = 1; ; attempt++) {
      Instant instant = host.instant();
      Duration after = host.counter();
      if (after.minus(before).compareTo(TOGETHER) < 0 || attempt == READ_ATTEMPTS) {
        return new HostReading(instant, after);
      }
      before = after;
    }
  }

  private static Duration notNegative(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }
}
