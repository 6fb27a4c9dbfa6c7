package dev.tocsin.config.settings;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Settings of the store; see {@link Setting}. A null limit of the retention is none. */
public record StoreSettings(
    Path data,
    @Nullable Duration retentionAge,
    @Nullable Long retentionSize,
    int checkpointEvery) {}
