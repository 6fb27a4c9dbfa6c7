package dev.tocsin.engine.cli;

import dev.tocsin.config.settings.EffectiveSettings;
import dev.tocsin.config.settings.Setting;
import dev.tocsin.config.settings.SettingsReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that set settings. */
public final class SettingsOptions {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings file. Default: the file named by TOCSIN_CONFIG, or none.")
  @Nullable Path config;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Address and port to listen on; port 0 chooses a free port.")
  @Nullable String listen;

  @Option(names = "--data", paramLabel = "DIR", description = "Data folder; created if missing.")
  @Nullable String data;

  @Option(
      names = "--automations",
      paramLabel = "PATH",
      arity = "1..*",
      description = "Files and folders of automations.")
  List<String> automations = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Value of any setting. Can be repeated. See 'tocsin settings'.")
  List<String> set = List.of();

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // by picocli
  CommandSpec spec;

  /** The effective settings, with every problem of file, environment and options. */
  EffectiveSettings read(Map<String, String> environment) {
    Map<String, List<String>> flags = new LinkedHashMap<>();
    for (String pair : set) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new ParameterException(
            spec.commandLine(), "--set must be KEY=VALUE, not '" + pair + "'");
      }
      flags.put(pair.substring(0, equals), List.of(pair.substring(equals + 1)));
    }
    put(flags, Setting.LISTEN, listen == null ? List.of() : List.of(listen));
    put(flags, Setting.DATA, data == null ? List.of() : List.of(data));
    put(flags, Setting.AUTOMATIONS, automations);
    return SettingsReader.read(config, environment, flags);
  }

  private static void put(Map<String, List<String>> flags, Setting setting, List<String> values) {
    if (!values.isEmpty()) {
      flags.put("--" + setting.key(), values);
    }
  }
}
