package dev.tocsin.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.config.settings.EffectiveSettings;
import dev.tocsin.config.settings.SettingsReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file of {@code bad} and {@code bad-settings} gives exactly the messages beside it. */
final class BadFilesTest {

  private static final Map<String, String> ENVIRONMENT =
      Map.of("API_KEY", "hunter2-key", "TWO_LINES", "a\nhunter2", "EMPTY", "");

  static Stream<Path> automations() {
    return Resources.inputs("bad").stream();
  }

  static Stream<Path> settings() {
    return Resources.inputs("bad-settings").stream();
  }

  @ParameterizedTest
  @MethodSource("automations")
  void automationsAreRefusedInExactlyTheseWords(Path file) throws IOException {
    AutomationFiles.ReadAutomations reading = Resources.automationFiles().read(List.of(file));

    assertThat(Resources.lines(reading.problems()))
        .isNotEmpty()
        .containsExactlyElementsOf(Resources.expectation(file));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void settingsAreRefusedInExactlyTheseWords(Path file) throws IOException {
    EffectiveSettings effective = SettingsReader.read(file, ENVIRONMENT, Map.of());

    assertThat(Resources.lines(effective.problems()))
        .isNotEmpty()
        .containsExactlyElementsOf(Resources.expectation(file));
  }

  @Test
  void noSecretIsInAnyMessage() {
    for (Path file : Resources.inputs("bad-settings")) {
      EffectiveSettings effective = SettingsReader.read(file, ENVIRONMENT, Map.of());

      assertThat(effective.toString()).doesNotContain("hunter2");
    }
  }

  @Test
  void allFilesAreReadInOneRun() throws IOException {
    List<Path> files = Resources.inputs("bad");
    AutomationFiles.ReadAutomations reading = Resources.automationFiles().read(files);

    List<String> expected = new ArrayList<>();
    for (Path file : files) {
      expected.addAll(Resources.expectation(file));
    }
    assertThat(Resources.lines(reading.problems())).containsAll(expected);
  }
}
