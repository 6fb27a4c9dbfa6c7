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
import picocli.CommandLine.Option;

/** The options by which a command is told its settings. */
public final class SettingsOptions {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings file (default: that of TOCSIN_CONFIG, or none).")
  @Nullable Path config;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Address to serve on; port 0 is any free one.")
  @Nullable String listen;

  @Option(names = "--data", paramLabel = "DIR", description = "Folder of the store.")
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
      description = "Any setting by its key; see 'tocsin settings'.")
  Map<String, String> set = new LinkedHashMap<>();

  /** The effective settings, with every problem of file, environment and options. */
  EffectiveSettings read(Map<String, String> environment) {
    Map<String, List<String>> flags = new LinkedHashMap<>();
    set.forEach((key, value) -> flags.put(key, List.of(value)));
    put(flags, Setting.LISTEN, listen == null ? List.of() : List.of(listen));
    put(flags, Setting.DATA, data == null ? List.of() : List.of(data));
    put(flags, Setting.AUTOMATIONS, automations);
    return SettingsReader.read(config, environment, flags);
  }

  private static void put(Map<String, List<String>> flags, Setting setting, List<String> values) {
    if (!values.isEmpty()) {
      flags.put(setting.key(), values);
    }
  }
}
