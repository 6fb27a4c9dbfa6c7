package dev.tocsin.engine.server;

import dev.tocsin.engine.metrics.Metrics;
import dev.tocsin.engine.pipeline.Intake;
import java.util.function.IntConsumer;
import reactor.core.publisher.Mono;

/**
 * Where events go once they are read.
 *
 * @param intake accepts the valid ones
 * @param refused receives the number of refused ones
 */
record Admission(Intake intake, IntConsumer refused) {

  /** For a dry run: every valid event counts as accepted; none is stored or metered. */
  static final Admission DRY =
      new Admission(
          events -> Mono.just(new Intake.Receipt.Accepted(events.size(), 0)), refused -> {});

  /** Into the engine. */
  static Admission real(Intake intake, Metrics metrics) {
    return new Admission(intake, metrics::eventsRefused);
  }
}
