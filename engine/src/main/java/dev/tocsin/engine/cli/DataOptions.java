package dev.tocsin.engine.cli;

import static java.util.stream.Collectors.joining;

import dev.tocsin.config.settings.EffectiveSettings;
import dev.tocsin.config.settings.SettingsReader;
import dev.tocsin.engine.store.StoreException;
import dev.tocsin.wire.Problem;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name a data folder. */
final class DataOptions {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data folder. Default: the setting data.")
  @Nullable Path data;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings file. Default: the file named by TOCSIN_CONFIG.")
  @Nullable Path config;

  /**
   * The folder named by an option, or else by the settings.
   *
   * @throws StoreException if no option names it and the settings have errors
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
