package dev.tocsin.engine.cli;

import dev.tocsin.config.EffectiveSettings;
import dev.tocsin.config.SettingsReader;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which a command is told a data folder. */
final class DataOptions {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data folder (default: that of the settings).")
  @Nullable Path data;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings file that names the folder (default: that of TOCSIN_CONFIG).")
  @Nullable Path config;

  /** The folder that is named, or that of the settings. */
  Path folder(Map<String, String> environment) {
    Path named = data;
    if (named != null) {
      return named;
    }
    EffectiveSettings effective = SettingsReader.read(config, environment, Map.of());
    return effective.settings().data();
  }
}
