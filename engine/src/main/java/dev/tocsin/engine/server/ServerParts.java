package dev.tocsin.engine.server;

import dev.tocsin.engine.pipeline.Intake;
import dev.tocsin.engine.store.Journal;
import java.util.function.BooleanSupplier;

/**
 * The parts of a daemon that its HTTP server serves.
 *
 * @param intake takes events
 * @param journal read by queries
 * @param about shown at {@code /api/about}
 * @param ready whether events can be made durable now
 */
public record ServerParts(Intake intake, Journal journal, About about, BooleanSupplier ready) {}
