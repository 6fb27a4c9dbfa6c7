package dev.tocsin.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.config.settings.SettingsReader;
import dev.tocsin.triggers.CompoundTrigger;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Input made to exhaust: each is answered with one clear error, within bounds. */
final class HostileInputTest {

  @Test
  void aBombOfAliasesIsRefused() {
    StringBuilder yaml = new StringBuilder("name: bomb\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i <= 12; i++) {
      String previous = "*a" + (i - 1);
      yaml.append("a" + i + ": &a" + i + " [" + (previous + ", ").repeat(9) + previous + "]\n");
    }

    assertThat(Resources.problems(yaml.toString()))
        .containsExactly(
            "test.yaml:6:45  a4[7]  the aliases of a document must expand to at most 100,000"
                + " values");
  }

  @Test
  void anAliasStandsForWhatItsAnchorHolds() {
    Automation automation =
        Resources.automation(
            """
            name: aliases
            trigger: {expect: [a], match: &m {x: y}, match_related: [*m, *m]}
            """);

    assertThat(automation.trigger().meaning())
        .isEqualTo(
            Resources.automation(
                    """
                    name: written out
                    trigger: {expect: [a], match: {x: y}, match_related: [{x: y}, {x: y}]}
                    """)
                .trigger()
                .meaning());
  }

  /** Its time would grow with the square of the length: to minutes for these. */
  @Test
  void aLongLineTakesTimeByItsLength() {
    String comment = "#" + "x".repeat(20_000_000) + "\n";

    assertThat(
            Resources.problems(
                "name: a\n" + comment + "trigger: {expect: [a]}\nactions: [{type: do-nothing}]\n"))
        .isEmpty();
  }

  @Test
  void nestingIsBounded() {
    String deep = "[".repeat(10_000) + "]".repeat(10_000);
    String json = "{\"name\": \"deep\", \"trigger\": " + deep + "}";
    String blocks = "name: deep\ntrigger:\n" + "- ".repeat(10_000) + "x\n";

    assertThat(Resources.problems("name: deep\ntrigger: " + deep))
        .containsExactly("test.yaml:2:109  must be nested at most 100 levels deep");
    assertThat(Resources.problems(blocks))
        .containsExactly("test.yaml:3:199  must be nested at most 100 levels deep");
    assertThat(Resources.lines(Resources.automationFiles().readText("deep.json", json).problems()))
        .containsExactly("deep.json:1:128  must be nested at most 100 levels deep");
  }

  @Test
  void aThousandNestedCompositesAreRefusedWhereTheyAreTooDeep() {
    String open = "{type: compound, within: null, triggers: [";
    String yaml =
        "name: deep\ntrigger: " + open.repeat(1_000) + "{expect: [x]}" + "]}".repeat(1_000);
    String json =
        "{\"name\": \"deep\", \"trigger\": "
            + "{\"type\": \"sequence\", \"within\": 5, \"triggers\": [".repeat(1_000)
            + "{\"expect\": [\"x\"]}"
            + "]}".repeat(1_000)
            + "}";

    assertThat(Resources.problems(yaml))
        .singleElement()
        .asString()
        .endsWith("must be nested at most 100 levels deep");
    assertThat(Resources.lines(Resources.automationFiles().readText("deep.json", json).problems()))
        .singleElement()
        .asString()
        .endsWith("must be nested at most 100 levels deep");
  }

  @Test
  void compositesNestAsDeepAsALevelAllows() {
    String open = "{type: compound, within: null, triggers: [";
    Automation automation =
        Resources.automation(
            "name: deep\ntrigger: " + open.repeat(48) + "{expect: [x]}" + "]}".repeat(48));

    assertThat(automation.trigger()).isInstanceOf(CompoundTrigger.class);
  }

  @Test
  void aGlobOfAThousandStarsIsAPatternLikeAnother() {
    Automation automation =
        Resources.automation("name: stars\ntrigger: {expect: ['" + "*a".repeat(1_000) + "']}");

    assertThat(automation.name()).isEqualTo("stars");
  }

  @Test
  void anEndlessGlobIsRefused() {
    List<String> problems =
        Resources.problems("name: x\ntrigger: {expect: ['" + "a".repeat(5_000) + "']}");

    assertThat(problems)
        .containsExactly(
            "test.yaml:2:20  trigger.expect[0]  invalid pattern: a pattern has at most 4096"
                + " characters, not 5000");
  }

  @Test
  void anEndlessTemplateIsRefused() {
    List<String> problems =
        Resources.problems(
            """
            name: x
            trigger: {expect: [a]}
            actions:
              - {type: call-webhook, url: "http://x/", body: "%s"}
            """
                .formatted("a".repeat(100_001)));

    assertThat(problems)
        .containsExactly(
            "test.yaml:4:50  actions[0].body  must have at most 100,000 characters, not"
                + " 100,001");
  }

  @Test
  void aHugeFileIsNotRead(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("huge.yaml");
    try (RandomAccessFile huge = new RandomAccessFile(file.toFile(), "rw")) {
      huge.setLength(AutomationFiles.MAX_BYTES + 1L);
    }

    assertThat(Resources.lines(Resources.automationFiles().read(List.of(file)).problems()))
        .containsExactly(file + "  must have at most 64,000,000 bytes");
    assertThat(Resources.lines(SettingsReader.read(file, Map.of(), Map.of()).problems()))
        .containsExactly(file + "  must have at most 4,000,000 bytes");
  }

  @Test
  void aLongTextIsCutInItsMessage() {
    List<String> problems =
        Resources.problems(
            "name: x\ntrigger: {expect: [a], within: '" + "\u00e4".repeat(500) + "'}");

    assertThat(problems)
        .containsExactly(
            "test.yaml:2:32  trigger.within  must be a duration such as 30s, 5m, 1h30m,"
                + " 2d, PT5M or 0:05:00, not '"
                + "\u00e4".repeat(60)
                + "...'");
  }
}
