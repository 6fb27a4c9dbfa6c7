package dev.tocsin.config.settings;

import java.time.Duration;

/** Settings of the HTTP server; see {@link Setting}. */
public record HttpSettings(
    ListenAddress listen,
    int maxBodyBytes,
    int maxConnections,
    Duration bodyTimeout,
    Duration idleTimeout) {}
