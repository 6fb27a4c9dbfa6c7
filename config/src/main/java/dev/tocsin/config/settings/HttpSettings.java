package dev.tocsin.config.settings;

import java.time.Duration;
import java.util.List;

/** Settings of the HTTP server; see {@link Setting}. */
public record HttpSettings(
    ListenAddress listen,
    List<String> hosts,
    int maxBodyBytes,
    int maxConnections,
    Duration bodyTimeout,
    Duration queryTimeout,
    Duration idleTimeout) {

  /** Copies the hosts. */
  public HttpSettings {
    hosts = List.copyOf(hosts);
  }
}
