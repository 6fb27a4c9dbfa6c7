package dev.tocsin.engine.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the progress of a start every five seconds: most starts log nothing. */
final class StartProgress {

  private static final Logger LOG = LoggerFactory.getLogger(StartProgress.class);
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final InstantSource clock;
  private Instant next;

  /** The start begins now. */
  StartProgress(InstantSource clock) {
    this.clock = clock;
    this.next = clock.instant().plus(INTERVAL);
  }

  /** Logs the progress if it is time to. */
  void report(Supplier<String> progress) {
    Instant now = clock.instant();
    if (now.isAfter(next)) {
      next = now.plus(INTERVAL);
      LOG.info("Starting: {}.", progress.get());
    }
  }
}
