package dev.tocsin.engine.cli;

import static java.util.stream.Collectors.joining;

import dev.tocsin.config.document.Problem;
import dev.tocsin.config.settings.EffectiveSettings;
import dev.tocsin.config.settings.SettingsReader;
import dev.tocsin.engine.store.StoreException;
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

  /**
   * The folder that is named, or that of the settings.
   *
   * @throws StoreException where it is not named and the settings have errors
   */
  Path folder(Map<String, String> environment) {
    Path named = data;
    if (named != null) {
      return named;
    }
    EffectiveSettings effective = SettingsReader.read(config, environment, Map.of());
    if (effective.hasErrors()) {
      throw new StoreException(
          effective.problems().stream().map(Problem::toString).collect(joining("\n")));
    }
    return effective.settings().store().data();
  }
}
