package dev.tocsin.engine.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.tocsin.actions.Template;
import dev.tocsin.config.AutomationFiles;
import dev.tocsin.config.settings.EffectiveSettings;
import dev.tocsin.config.settings.Setting;
import dev.tocsin.config.settings.SettingsReader;
import dev.tocsin.engine.docs.Markdown.Block;
import dev.tocsin.engine.docs.Markdown.Link;
import dev.tocsin.engine.metrics.EngineMeter;
import dev.tocsin.triggers.EventLimits;
import dev.tocsin.wire.EventReader;
import dev.tocsin.wire.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the documentation says is what the code does, as far as a machine can tell. */
class DocsTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final String SETTINGS =
      """
      webhooks:
        on-call:
          url: http://127.0.0.1:4281/on-call
        builds:
          url: http://127.0.0.1:4281/builds
      """;

  @TempDir Path folder;

  @Test
  void everyLinkLeadsSomewhere() {
    List<String> broken = new ArrayList<>();
    for (Markdown page : Markdown.all()) {
      for (Link link : page.links()) {
        if (!link.target().startsWith("https://") && !resolves(link)) {
          broken.add(link.toString());
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private static boolean resolves(Link link) {
    String[] parts = link.target().split("#", 2);
    Path parent = link.file().getParent();
    Path target =
        parts[0].isEmpty() || parent == null ? link.file() : parent.resolve(parts[0]).normalize();
    return Files.exists(target)
        && (parts.length == 1
            || new Markdown(target, readLines(target)).anchors().contains(parts[1]));
  }

  @Test
  void everyYamlBlockIsValid() throws IOException {
    List<String> problems = new ArrayList<>();
    for (Block block : blocks("yaml")) {
      if (List.of("broken", "tests", "blind-test").contains(block.kind())) {
        continue;
      }
      validate(block).forEach(problem -> problems.add(block + "  " + problem));
    }
    assertThat(problems).isEmpty();
  }

  private List<Problem> validate(Block block) throws IOException {
    String text = block.text();
    return switch (block.kind()) {
      case "settings" -> settings(text, Map.of("ON_CALL_TOKEN", "secret")).problems();
      case "trigger" ->
          readAutomations("name: n\nactions: [{type: do-nothing}]\ntrigger:\n" + text.indent(2));
      case "action" ->
          readAutomations("name: n\ntrigger: {expect: [e]}\nactions:\n  -\n" + text.indent(4));
      case "automations" -> readAutomations(text);
      case String kind when kind.startsWith("examples/") -> {
        assertThat(Files.readString(Markdown.root().resolve(kind))).endsWith(text);
        yield readAutomations(text);
      }
      default -> throw new AssertionError(block + " does not say what kind of YAML it is");
    };
  }

  @Test
  void theProblemsThatAreShownAreThoseThatAreFound() throws IOException {
    List<Block> blocks = Markdown.page("docs/automations.md").blocks();
    String broken = only(blocks, "broken");
    String shown = only(blocks, "problems");

    List<Problem> found = readAutomations("automations.yaml", broken);

    assertThat(found)
        .extracting(problem -> problem.toString().replace(folder + "/", ""))
        .isEqualTo(shown.lines().toList());
  }

  private static String only(List<Block> blocks, String kind) {
    List<Block> found = blocks.stream().filter(block -> block.kind().equals(kind)).toList();
    assertThat(found).as(kind).hasSize(1);
    return found.getFirst().text();
  }

  private List<Problem> readAutomations(String text) throws IOException {
    return readAutomations("block", text);
  }

  private List<Problem> readAutomations(String name, String text) throws IOException {
    return AutomationFiles.of(settings(SETTINGS, Map.of())).readText(name, text).problems();
  }

  private EffectiveSettings settings(String text, Map<String, String> environment)
      throws IOException {
    Path file = folder.resolve("tocsin.yaml");
    Files.writeString(file, text);
    return SettingsReader.read(file, environment, Map.of());
  }

  @Test
  void everyJsonBlockIsJson() {
    for (Block block : blocks("json")) {
      assertThat(JSON.readTree(block.text()).isContainer()).as(block.toString()).isTrue();
    }
  }

  @Test
  void everyEventIsTaken() {
    EventReader reader = EventReader.overNetwork(EventLimits.DEFAULT);
    Instant now = Instant.parse("2025-06-03T00:00:00Z");
    List<Block> events =
        blocks("json").stream().filter(block -> block.kind().equals("event")).toList();
    assertThat(events).isNotEmpty();
    for (Block block : events) {
      byte[] text = block.text().getBytes(StandardCharsets.UTF_8);
      assertThat(reader.read(text, 0, text.length, now))
          .as(block.toString())
          .isInstanceOf(EventReader.Result.ValidEvent.class);
    }
  }

  @Test
  void theTableOfSettingsIsThatOfTheCode() {
    List<String> rows = new ArrayList<>();
    rows.add("| setting | form | default | meaning |");
    rows.add("|---|---|---|---|");
    for (Setting setting : Setting.values()) {
      String otherwise =
          setting.defaultText().isEmpty() ? "none" : "`" + setting.defaultText() + "`";
      rows.add(
          "| `%s` | %s | %s | %s |"
              .formatted(
                  setting.key(), describe(setting.form()), otherwise, setting.description()));
    }
    assertThat(Markdown.page("docs/settings.md").lines()).containsSequence(rows);
  }

  private static String describe(Setting.Form form) {
    return switch (form) {
      case Setting.Form.Address _ -> "host:port";
      case Setting.Form.Folder _ -> "a folder";
      case Setting.Form.Hosts _ -> "host names";
      case Setting.Form.Paths _ -> "files and folders";
      case Setting.Form.Text text -> text.rule();
      case Setting.Form.Count count -> "%,d to %,d".formatted(count.min(), count.max());
      case Setting.Form.Time time -> describe(time.min()) + " to " + describe(time.max());
      case Setting.Form.Size size ->
          "%,d MB to %,d TB".formatted(size.min() / 1_000_000, size.max() / 1_000_000_000_000L);
      case Setting.Form.Flag _ -> "`true` or `false`";
      case Setting.Form.Link _ -> "an http or https URL";
      case Setting.Form.WebhookTable _ -> "[webhooks](#webhooks)";
    };
  }

  private static String describe(Duration time) {
    if (time.isZero()) {
      return "0";
    }
    if (time.toMillis() < 1_000) {
      return time.toMillis() + "ms";
    }
    long seconds = time.toSeconds();
    return seconds % 86_400 == 0
        ? seconds / 86_400 + "d"
        : seconds % 3_600 == 0 ? seconds / 3_600 + "h" : seconds + "s";
  }

  @Test
  void theTableOfMetersIsThatOfTheCode() {
    assertThat(Markdown.page("docs/operating.md").lines())
        .containsSequence(EngineMeter.markdownTable());
  }

  @Test
  void metersThatAreSpokenOfAreThere() {
    List<String> known = Stream.of(EngineMeter.values()).map(EngineMeter::prometheusName).toList();
    Pattern meter = Pattern.compile("`(tocsin_[a-z_]+)");
    for (Markdown page : Markdown.all()) {
      Matcher named = meter.matcher(String.join("\n", page.lines()));
      while (named.find()) {
        assertThat(known).as(page.file().toString()).contains(named.group(1));
      }
    }
  }

  @Test
  void settingsThatAreSpokenOfAreThere() {
    List<String> known = Stream.of(Setting.values()).map(Setting::key).toList();
    Pattern name = Pattern.compile("`([a-z]+_[a-z_]+)`");
    List<String> spokenOf = new ArrayList<>();
    for (String line : Markdown.page("docs/operating.md").lines()) {
      Matcher named = name.matcher(line);
      while (!line.startsWith("| `tocsin_") && named.find()) {
        spokenOf.add(named.group(1));
      }
    }
    spokenOf.removeIf(word -> word.startsWith("tocsin_"));
    assertThat(spokenOf).isNotEmpty().allMatch(known::contains);
  }

  @Test
  void filtersTestsAndMethodsOfTemplatesAreThere() {
    List<String> templates = new ArrayList<>();
    for (String row : Markdown.page("docs/templates.md").lines()) {
      Matcher name = Pattern.compile("`([a-z_0-9]+)`").matcher(row);
      while (name.find()) {
        if (row.startsWith("| filters for") || row.startsWith("| other filters")) {
          templates.add("{{ event | " + name.group(1) + " }}");
        } else if (row.startsWith("| methods of")) {
          templates.add("{{ event." + name.group(1) + "() }}");
        } else if (row.startsWith("| tests |")) {
          templates.add("{{ event is " + name.group(1) + " }}");
        }
      }
    }
    assertThat(templates).hasSizeGreaterThan(60);
    assertThat(templates)
        .allSatisfy(
            template -> assertThatCode(() -> Template.parse(template)).doesNotThrowAnyException());
  }

  @Test
  void theRefusalThatIsShownIsThatOfTheReader() {
    JsonNode refusal = JSON.readTree(only(Markdown.page("docs/api.md").blocks(), "refusal"));
    byte[] body = JSON.writeValueAsBytes(refusal.path("request_body"));
    JsonNode shown = refusal.at("/exception_detail/0");

    EventReader.BatchResult result =
        EventReader.overNetwork(EventLimits.DEFAULT)
            .readBatch(body, Instant.parse("2025-06-03T00:00:00Z"), 10);

    assertThat(result)
        .isInstanceOfSatisfying(
            EventReader.BatchResult.InvalidEvents.class,
            refused -> {
              assertThat(refused.problems()).hasSize(1);
              Problem problem = refused.problems().getFirst();
              assertThat(shown.path("type").asString()).isEqualTo(problem.type());
              assertThat(shown.path("input").asString()).isEqualTo(problem.value());
              assertThat(shown.at("/ctx/path").asString()).isEqualTo(problem.path());
              assertThat(shown.at("/ctx/rule").asString()).isEqualTo(problem.rule());
              assertThat(shown.path("msg").asString())
                  .isEqualTo(problem.message() + "; " + problem.rule() + "; is " + problem.value());
            });
  }

  /** A promise is as good as the test that holds it: that there is one, with what it is asked. */
  @Test
  void everyGuaranteeHasItsTestAndEveryLongRunItsProperties() throws IOException {
    Map<String, Path> tests = testClasses();
    int rows = 0;
    for (String line : Markdown.page("docs/guarantees.md").lines()) {
      List<String> named =
          Pattern.compile("\\b[A-Z][A-Za-z]+Test\\b")
              .matcher(line)
              .results()
              .map(it -> it.group())
              .toList();
      assertThat(tests.keySet()).as(line).containsAll(named);
      rows += named.isEmpty() ? 0 : 1;
      if (line.startsWith("| `mvn ")) {
        assertThat(named).as(line).hasSize(1);
        String source = Files.readString(Objects.requireNonNull(tests.get(named.getFirst())));
        assertThat(Pattern.compile("-D(tocsin\\.(?!command)[a-z.]+)").matcher(line).results())
            .as(line)
            .isNotEmpty()
            .allSatisfy(property -> assertThat(source).contains('"' + property.group(1) + '"'));
      }
    }
    assertThat(rows).isGreaterThan(15);
  }

  /** The sources of all test classes, by name. */
  private static Map<String, Path> testClasses() throws IOException {
    Map<String, Path> classes = new HashMap<>();
    for (String module : List.of("triggers", "wire", "actions", "config", "engine")) {
      try (Stream<Path> files = Files.walk(Markdown.root().resolve(module + "/src/test/java"))) {
        files
            .filter(file -> file.toString().endsWith("Test.java"))
            .forEach(
                file -> classes.put(String.valueOf(file.getFileName()).replace(".java", ""), file));
      }
    }
    return classes;
  }

  private static List<Block> blocks(String language) {
    return Markdown.all().stream()
        .flatMap(page -> page.blocks().stream())
        .filter(block -> block.language().equals(language))
        .toList();
  }

  private static List<String> readLines(Path file) {
    try {
      return Files.isDirectory(file) ? List.of() : Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
