package dev.tocsin.config.settings;

import dev.tocsin.wire.Problem;
import java.util.List;

/**
 * The settings of a daemon, the origin of each, and the problems.
 *
 * @param settings to be used only if there is no error
 * @param entries every setting, in the order of {@link Setting}
 * @param file the settings file as its user named it, or how one would be called if there is none
 * @param problems of the file, the environment and the flags
 */
public record EffectiveSettings(
    Settings settings, List<Entry> entries, String file, List<Problem> problems) {

  /** Copies. */
  public EffectiveSettings {
    entries = List.copyOf(entries);
    problems = List.copyOf(problems);
  }

  /** Whether a problem is an error, not only a warning. */
  public boolean hasErrors() {
    return problems.stream().anyMatch(Problem::isError);
  }

  /** One of the settings in force. */
  public Entry entry(Setting setting) {
    return entries.stream()
        .filter(entry -> entry.setting() == setting)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no entry of " + setting.key()));
  }

  /**
   * One setting in force.
   *
   * @param value to be shown; contains no secret
   * @param origin {@code default}, {@code tocsin.yaml:3:9}, {@code TOCSIN_LISTEN} or {@code --set
   *     listen}
   */
  public record Entry(Setting setting, String value, String origin) {}
}
