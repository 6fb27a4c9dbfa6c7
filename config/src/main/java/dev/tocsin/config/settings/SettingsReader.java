package dev.tocsin.config.settings;

import dev.tocsin.config.document.DocumentReader;
import dev.tocsin.config.document.Fields;
import dev.tocsin.config.document.Node;
import dev.tocsin.config.document.Position;
import dev.tocsin.config.document.Report;
import dev.tocsin.config.document.TextFile;
import dev.tocsin.config.document.Value;
import dev.tocsin.config.document.YamlNodes;
import dev.tocsin.wire.Place;
import dev.tocsin.wire.Problem;
import dev.tocsin.wire.Suggestion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of a daemon from flags, the environment, {@code tocsin.yaml} and the defaults;
 * the first that has a value wins. Every problem of all of them is found in one run.
 */
public final class SettingsReader {

  /** The variable that names the settings file if no flag does. */
  public static final String FILE_VARIABLE = "TOCSIN_CONFIG";

  /** Variables of the start script, which are no settings. */
  private static final Set<String> OTHER_VARIABLES =
      Set.of(FILE_VARIABLE, "TOCSIN_HOME", "TOCSIN_JAVA_OPTS");

  private static final String DEFAULT_ORIGIN = "default";
  private static final String DEFAULT_FILE = "tocsin.yaml";
  private static final int MAX_BYTES = 4_000_000;

  private final List<Problem> problems = new ArrayList<>();
  private final Map<Setting, Given> given = new EnumMap<>(Setting.class);
  private final Map<Setting, Given> defaults = new EnumMap<>(Setting.class);
  private final String file;
  private final References references;

  private SettingsReader(@Nullable Path file, Map<String, String> environment) {
    this.file = file == null ? DEFAULT_FILE : file.toString();
    Path folder = file == null ? null : file.getParent();
    this.references = new References(environment, folder == null ? Path.of("") : folder);
  }

  /**
   * Reads the effective settings.
   *
   * @param file the settings file; null is that of {@value #FILE_VARIABLE}, or none
   * @param environment the variables of the process
   * @param flags values by {@link Setting#key}, with two hyphens before it if the setting has an
   *     option of its own; {@code automations} accepts any number, others one
   */
  public static EffectiveSettings read(
      @Nullable Path file, Map<String, String> environment, Map<String, List<String>> flags) {
    String named = environment.get(FILE_VARIABLE);
    Path used = file == null && named != null && !named.isEmpty() ? Path.of(named) : file;
    SettingsReader reader = new SettingsReader(used, environment);
    reader.takeDefaults();
    if (used != null) {
      reader.takeFile(used);
    }
    reader.takeEnvironment(environment);
    flags.forEach(reader::takeFlag);
    EffectiveSettings effective = reader.effective();
    return reader.refuseUnknownVariables(environment, effective);
  }

  /**
   * A value that somebody gave.
   *
   * @param origin who
   * @param folder what its relative paths are relative to
   */
  record Given(Value value, String origin, Path folder) {}

  private void takeDefaults() {
    for (Setting setting : Setting.values()) {
      put(setting, setting.defaultText(), DEFAULT_ORIGIN);
    }
    defaults.putAll(given);
  }

  private void put(Setting setting, String text, String origin) {
    if (text.isEmpty()) {
      return;
    }
    Report report = new Report(origin, problems);
    Node node =
        switch (setting.form()) {
          case Setting.Form.Hosts _, Setting.Form.Paths _ -> list(Arrays.asList(text.split(",")));
          case Setting.Form.WebhookTable _ -> document(text, report);
          case Setting.Form.Address _,
              Setting.Form.Folder _,
              Setting.Form.Link _,
              Setting.Form.Size _,
              Setting.Form.Text _ ->
              text(text);
          case Setting.Form.Count _, Setting.Form.Time _, Setting.Form.Flag _ ->
              YamlNodes.plain(Position.WHOLE, text.strip());
        };
    given.put(setting, new Given(new Value(node, "", report), origin, Path.of("")));
  }

  private static Node document(String text, Report report) {
    List<Node> documents = YamlNodes.read(text, report);
    return documents.isEmpty() ? new Node.Mapping(Position.WHOLE, List.of()) : documents.getFirst();
  }

  private static Node text(String text) {
    return new Node.Scalar(Position.WHOLE, text.strip(), Node.ScalarKind.TEXT);
  }

  private static Node list(List<String> texts) {
    return new Node.Sequence(Position.WHOLE, texts.stream().map(SettingsReader::text).toList());
  }

  private void takeFile(Path path) {
    Report report = new Report(file, problems);
    String text = TextFile.read(path, MAX_BYTES, report);
    List<Node> documents = text == null ? List.of() : DocumentReader.read(text, report);
    if (documents.size() > 1) {
      Value.of(documents.get(1), report).error("a settings file must have exactly one document");
    }
    Fields fields = documents.isEmpty() ? null : Value.of(documents.getFirst(), report).fields();
    if (fields == null) {
      return;
    }
    Path parent = path.getParent();
    for (Setting setting : Setting.values()) {
      Value value = fields.take(setting.key());
      if (value != null) {
        String origin = file + ":" + value.node().position();
        given.put(setting, new Given(value, origin, parent == null ? Path.of("") : parent));
      }
    }
    fields.finish();
  }

  private void takeEnvironment(Map<String, String> environment) {
    for (Setting setting : Setting.values()) {
      String text = environment.get(setting.variable());
      if (text != null) {
        put(setting, text, setting.variable());
      }
    }
  }

  private void takeFlag(String key, List<String> values) {
    boolean isOption = key.startsWith("--");
    Setting setting = Setting.find(isOption ? key.substring(2) : key);
    String origin = isOption ? key : "--set " + key;
    Report report = new Report(origin, problems);
    if (setting == null) {
      List<String> keys = Arrays.stream(Setting.values()).map(Setting::key).toList();
      report.error(Position.WHOLE, "", "unknown setting" + Suggestion.of(key, keys));
    } else if (setting.form() instanceof Setting.Form.Paths) {
      given.put(setting, new Given(new Value(list(values), "", report), origin, Path.of("")));
    } else if (values.size() != 1) {
      report.error(Position.WHOLE, "", "must be given once, not " + values.size() + " times");
    } else {
      put(setting, values.getFirst(), origin);
    }
  }

  private EffectiveSettings refuseUnknownVariables(
      Map<String, String> environment, EffectiveSettings effective) {
    List<String> known = Arrays.stream(Setting.values()).map(Setting::variable).toList();
    for (String name : new TreeMap<>(environment).keySet()) {
      boolean isUnknown =
          name.startsWith(Setting.VARIABLE_PREFIX)
              && !known.contains(name)
              && !OTHER_VARIABLES.contains(name)
              && !references.variables().contains(name)
              && !KubernetesVariables.isOne(name, environment.getOrDefault(name, ""));
      if (isUnknown) {
        new Report(name, problems)
            .error(Position.WHOLE, "", "unknown setting" + Suggestion.of(name, known));
      }
    }
    problems.sort(
        Comparator.comparing((Problem problem) -> !isIn(file, problem))
            .thenComparing(Problem.BY_LINE));
    return new EffectiveSettings(
        effective.settings(), effective.entries(), effective.file(), problems);
  }

  private static boolean isIn(String file, Problem problem) {
    return problem.place() instanceof Place.InFile place && place.file().equals(file);
  }

  private EffectiveSettings effective() {
    Map<Setting, Object> values = new SettingValues(references).read(given, defaults);
    List<EffectiveSettings.Entry> entries = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      Given value = given.get(setting);
      String origin = value == null ? DEFAULT_ORIGIN : value.origin();
      String shown = SettingValues.show(setting, values.get(setting));
      entries.add(new EffectiveSettings.Entry(setting, shown, origin));
    }
    return new EffectiveSettings(SettingRecords.fill(values), entries, file, problems);
  }
}
