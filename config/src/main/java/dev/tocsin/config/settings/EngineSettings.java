package dev.tocsin.config.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Settings of the daemon as a whole; see {@link Setting}. */
public record EngineSettings(
    List<Path> automations,
    boolean watch,
    String namespace,
    Duration startupGrace,
    Duration shutdownTimeout) {

  /** Copies the paths. */
  public EngineSettings {
    automations = List.copyOf(automations);
  }
}
