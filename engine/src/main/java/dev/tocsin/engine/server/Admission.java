package dev.tocsin.engine.server;

import dev.tocsin.engine.metrics.Metrics;
import dev.tocsin.engine.pipeline.Intake;
import java.util.function.IntConsumer;
import reactor.core.publisher.Mono;

/**
 * What becomes of events once they are read.
 *
 * @param intake takes those that are sound
 * @param refused hears how many are not
 */
record Admission(Intake intake, IntConsumer refused) {

  /** Of a dry run: every sound event counts as accepted, none is taken, none is counted. */
  static final Admission DRY =
      new Admission(
          events -> Mono.just(new Intake.Receipt.Accepted(events.size(), 0)), refused -> {});

  /** Into the engine. */
  static Admission real(Intake intake, Metrics metrics) {
    return new Admission(intake, metrics::eventsRefused);
  }
}
