package dev.tocsin.engine.server;

import dev.tocsin.engine.pipeline.Intake;
import dev.tocsin.engine.pipeline.Readiness;
import dev.tocsin.engine.reload.Reloader;
import dev.tocsin.engine.store.Journal;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a daemon that its HTTP server serves.
 *
 * @param intake takes events
 * @param clock by which receipts are stamped
 * @param journal read by queries
 * @param about shown at {@code /api/about}
 * @param readiness whether events can be made durable now
 * @param reloader reads automations and webhooks again; null if they came from no file
 */
public record ServerParts(
    Intake intake,
    InstantSource clock,
    Journal journal,
    About about,
    Supplier<Readiness> readiness,
    @Nullable Reloader reloader) {}
