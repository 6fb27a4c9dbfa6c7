package dev.tocsin.config;

import dev.tocsin.config.settings.EffectiveSettings;
import dev.tocsin.config.settings.SettingsReader;
import dev.tocsin.wire.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Files of the tests, and the readers as a daemon makes them. */
final class Resources {

  private Resources() {}

  /** A file or folder of the tests. */
  static Path path(String name) {
    URL url = Objects.requireNonNull(Resources.class.getResource("/" + name), name);
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The inputs of a folder, in order: all that is no expectation. */
  static List<Path> inputs(String folder) {
    try (Stream<Path> files = Files.list(path(folder))) {
      return files.filter(file -> !file.toString().endsWith(".txt")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a run on an input must say, line by line. */
  static List<String> expectation(Path input) throws IOException {
    return Files.readAllLines(Path.of(input + ".txt"));
  }

  /** Problems as they are printed, files named from the folder of resources. */
  static List<String> lines(List<Problem> problems) {
    String root = Objects.requireNonNull(path("bad").getParent()) + "/";
    return problems.stream().map(problem -> problem.toString().replace(root, "")).toList();
  }

  /** Settings with the webhooks ops-webhook, pager-webhook and ops-chat. */
  static EffectiveSettings settings() {
    return SettingsReader.read(path("good/tocsin.yaml"), Map.of(), Map.of());
  }

  /** A reader of automations under those settings. */
  static AutomationFiles automationFiles() {
    return AutomationFiles.of(settings());
  }

  /** The one automation of a YAML text, which has no error. */
  static Automation automation(String yaml) {
    AutomationFiles.ReadAutomations reading = automationFiles().readText("test.yaml", yaml);
    if (reading.hasErrors() || reading.automations().automations().size() != 1) {
      throw new AssertionError(reading.problems());
    }
    return reading.automations().automations().getFirst();
  }

  /** The problems of a YAML text, as they are printed. */
  static List<String> problems(String yaml) {
    return lines(automationFiles().readText("test.yaml", yaml).problems());
  }
}
