package dev.tocsin.config;

import dev.tocsin.config.AutomationReader.Declared;
import dev.tocsin.config.document.DocumentReader;
import dev.tocsin.config.document.Node;
import dev.tocsin.config.document.Position;
import dev.tocsin.config.document.Quoted;
import dev.tocsin.config.document.Report;
import dev.tocsin.config.document.TextFile;
import dev.tocsin.config.document.Value;
import dev.tocsin.config.settings.EffectiveSettings;
import dev.tocsin.config.settings.Settings;
import dev.tocsin.wire.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads automations in Prefect's own schema from YAML and JSON files, all problems of all files in
 * one run. A document is an {@code automations} list or one automation; a file may contain several
 * documents. A document of {@code tests} that names the file of its automations is skipped.
 */
public final class AutomationFiles {

  /** Largest file, in bytes. */
  public static final int MAX_BYTES = DocumentReader.MAX_LENGTH;

  private static final List<String> ENDINGS = List.of(".yaml", ".yml", ".json");

  private final AutomationReader reader;

  private AutomationFiles(KnownWebhooks webhooks, Duration lapse) {
    this.reader = new AutomationReader(new TriggerReader(lapse), new ActionReader(webhooks));
  }

  /** For automations that run under these settings: they may name its webhooks. */
  public static AutomationFiles of(EffectiveSettings effective) {
    Settings settings = effective.settings();
    return new AutomationFiles(
        new KnownWebhooks.Configured(settings.delivery().webhooks(), effective.file()),
        settings.evaluation().lapse());
  }

  /**
   * For automations that are read while a daemon runs: they may name the webhooks as read again;
   * the other settings in force are those with which it was started.
   */
  public static AutomationFiles reloaded(EffectiveSettings running, EffectiveSettings again) {
    return new AutomationFiles(
        new KnownWebhooks.Configured(again.settings().delivery().webhooks(), again.file()),
        running.settings().evaluation().lapse());
  }

  /** For automations of which no action is carried out: they may name any webhook. */
  public static AutomationFiles dry(EffectiveSettings effective) {
    Settings settings = effective.settings();
    return new AutomationFiles(
        new KnownWebhooks.Unsent(settings.delivery().webhooks()), settings.evaluation().lapse());
  }

  /**
   * The result of reading.
   *
   * @param automations those without errors; to be used only if there is no error at all
   * @param problems of all files, in the order of reading
   */
  public record ReadAutomations(AutomationSet automations, List<Problem> problems) {

    /** Copies. */
    public ReadAutomations {
      problems = List.copyOf(problems);
    }

    /** Whether a problem is an error, not only a warning. */
    public boolean hasErrors() {
      return problems.stream().anyMatch(Problem::isError);
    }
  }

  /**
   * Reads files and folders in this order. Of a folder (not of those inside it) the files that end
   * in {@code .yaml}, {@code .yml} or {@code .json} are read, in the order of their names; those
   * that begin with a dot are not.
   */
  public ReadAutomations read(List<Path> paths) {
    List<Problem> problems = new ArrayList<>();
    List<Declared> declared = new ArrayList<>();
    for (Path path : paths) {
      Report report = new Report(path.toString(), problems);
      List<Path> files = Files.isDirectory(path) ? filesIn(path, report) : List.of(path);
      files.forEach(file -> readFile(file, problems, declared));
    }
    return reading(declared, problems);
  }

  /** Reads a text; it is JSON if its name ends in {@code .json}. */
  public ReadAutomations readText(String name, String text) {
    List<Problem> problems = new ArrayList<>();
    List<Declared> declared = new ArrayList<>();
    readDocuments(text, new Report(name, problems), declared);
    return reading(declared, problems);
  }

  /** The automations of a list inside another document. */
  public AutomationSet readInline(Value list) {
    return reading(reader.readList(list), list.report().problems()).automations();
  }

  private void readDocuments(String text, Report report, List<Declared> declared) {
    int before = report.problems().size();
    List<Node> documents = DocumentReader.read(text, report);
    for (Node document : documents) {
      if (!AutomationReader.isOfTests(document)) {
        declared.addAll(reader.readDocument(Value.of(document, report)));
      }
    }
    if (documents.isEmpty() && report.problems().size() == before) {
      report.warning(Position.WHOLE, "", "contains no automation");
    }
    report.problems().subList(before, report.problems().size()).sort(Problem.BY_LINE);
  }

  private void readFile(Path file, List<Problem> problems, List<Declared> declared) {
    Report report = new Report(file.toString(), problems);
    String text = TextFile.read(file, MAX_BYTES, report);
    if (text != null) {
      readDocuments(text, report, declared);
    }
  }

  private static List<Path> filesIn(Path folder, Report report) {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> files = entries.filter(AutomationFiles::isAutomationFile).sorted().toList();
      if (files.isEmpty()) {
        report.warning(Position.WHOLE, "", "contains no .yaml, .yml or .json file");
      }
      files.stream().filter(AutomationFiles::isSpecial).forEach(file -> refuse(file, report));
      return files.stream().filter(file -> !isSpecial(file)).toList();
    } catch (IOException e) {
      report.error(Position.WHOLE, "", TextFile.reason(folder, e));
      return List.of();
    }
  }

  private static void refuse(Path special, Report report) {
    new Report(special.toString(), report.problems())
        .error(Position.WHOLE, "", "is not a regular file");
  }

  /** Whether this is a pipe, socket or device, of which reading may never end. */
  private static boolean isSpecial(Path file) {
    return Files.exists(file) && !Files.isRegularFile(file);
  }

  /** Whether {@link #read} reads this file if it is in a folder. */
  public static boolean isAutomationFile(Path path) {
    String name = String.valueOf(path.getFileName());
    return !name.startsWith(".")
        && ENDINGS.stream().anyMatch(name::endsWith)
        && !Files.isDirectory(path);
  }

  /** Refuses two automations with the same id, or with the same name if neither has an id. */
  private static ReadAutomations reading(List<Declared> declared, List<Problem> problems) {
    Map<String, Declared> byId = new HashMap<>();
    List<Automation> automations = new ArrayList<>();
    for (Declared next : declared) {
      Declared first = byId.putIfAbsent(next.automation().id(), next);
      if (first == null) {
        automations.add(next.automation());
      } else {
        next.value().error(clash(first, next));
      }
    }
    return new ReadAutomations(new AutomationSet(automations), problems);
  }

  private static String clash(Declared first, Declared second) {
    String place = first.value().report().file() + ":" + first.value().node().position();
    Automation automation = second.automation();
    return first.hasId() || second.hasId()
        ? "duplicate id "
            + automation.id()
            + " of "
            + Quoted.of(automation.name())
            + "; "
            + Quoted.of(first.automation().name())
            + " has it at "
            + place
        : "duplicate name "
            + Quoted.of(automation.name())
            + ", used at "
            + place
            + " too; automations with the same name need an id each";
  }
}
