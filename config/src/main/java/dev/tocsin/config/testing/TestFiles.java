package dev.tocsin.config.testing;

import dev.tocsin.config.AutomationFiles;
import dev.tocsin.config.AutomationSet;
import dev.tocsin.config.document.DocumentReader;
import dev.tocsin.config.document.Fields;
import dev.tocsin.config.document.JsonNodes;
import dev.tocsin.config.document.Node;
import dev.tocsin.config.document.Position;
import dev.tocsin.config.document.Report;
import dev.tocsin.config.document.TextFile;
import dev.tocsin.config.document.Value;
import dev.tocsin.config.settings.EffectiveSettings;
import dev.tocsin.wire.EventReader;
import dev.tocsin.wire.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads tests of automations. In YAML and JSON a document of tests is {@code {automations, tests:
 * [test, ...]}}; in a file that ends in {@code .ndjson} every line is one test.
 */
public final class TestFiles {

  /** Largest file, in bytes. */
  public static final int MAX_BYTES = DocumentReader.MAX_LENGTH;

  private static final List<String> ENDINGS = List.of(".yaml", ".yml", ".json", ".ndjson");

  private final AutomationFiles automations;
  private final EventReader events;

  private TestFiles(AutomationFiles automations, EventReader events) {
    this.automations = automations;
    this.events = events;
  }

  /** For automations under these settings; they may also name webhooks that are not in them. */
  public static TestFiles of(EffectiveSettings effective) {
    return new TestFiles(
        AutomationFiles.dry(effective),
        EventReader.withReceipt(effective.settings().intake().limits()));
  }

  /**
   * A test as it was read.
   *
   * @param file as the user named it
   * @param place file and line
   * @param name its own, or its place in the file
   * @param test null if it or its automations have errors
   * @param problems that this test is the first to show; those of its automations among them
   */
  public record ReadTest(
      String file, String place, String name, @Nullable TestCase test, List<Problem> problems) {

    /** Copies. */
    public ReadTest {
      problems = List.copyOf(problems);
    }
  }

  /**
   * Reads files and folders in this order, and hands on each test. Of a folder, and those inside
   * it, the files are read that end in {@code .yaml}, {@code .yml}, {@code .json} or {@code
   * .ndjson}, in the order of their names, as far as they contain tests; names that begin with a
   * dot are skipped. A file that cannot be read is one test with errors.
   */
  public void read(List<Path> paths, Consumer<ReadTest> tests) {
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        readFolder(path, tests);
      } else {
        readFile(path, true, tests);
      }
    }
  }

  private void readFolder(Path folder, Consumer<ReadTest> tests) {
    List<Path> entries;
    try (Stream<Path> listed = Files.list(folder)) {
      entries = listed.filter(TestFiles::isVisible).sorted().toList();
    } catch (IOException e) {
      tests.accept(unreadable(folder.toString(), TextFile.reason(folder, e)));
      return;
    }
    for (Path entry : entries) {
      if (Files.isDirectory(entry)) {
        readFolder(entry, tests);
      } else if (ENDINGS.stream().anyMatch(entry.toString()::endsWith)) {
        readFile(entry, false, tests);
      }
    }
  }

  private static boolean isVisible(Path path) {
    return !String.valueOf(path.getFileName()).startsWith(".");
  }

  private void readFile(Path file, boolean mustHoldTests, Consumer<ReadTest> tests) {
    List<Problem> problems = new ArrayList<>();
    Report report = new Report(file.toString(), problems);
    String text = TextFile.read(file, MAX_BYTES, report);
    if (text == null) {
      tests.accept(faulty(report));
    } else if (file.toString().endsWith(".ndjson")) {
      readLines(file, text, mustHoldTests, tests);
    } else {
      readDocuments(file, text, mustHoldTests, tests);
    }
  }

  private void readLines(Path file, String text, boolean mustHoldTests, Consumer<ReadTest> tests) {
    int line = 0;
    boolean areTests = mustHoldTests;
    for (String content : (Iterable<String>) text.lines()::iterator) {
      if (!content.isBlank()) {
        Report report = new Report(file.toString(), new ArrayList<>(), line);
        List<Node> documents = JsonNodes.read(content, report);
        areTests |= documents.stream().anyMatch(TestFiles::isTest);
        if (!areTests) {
          return;
        }
        if (documents.isEmpty()) {
          tests.accept(faulty(report));
        }
        for (Node document : documents) {
          Value value = Value.of(document, report);
          tests.accept(
              new TestReader(automations, events, file, null).read(value, "line " + (line + 1)));
        }
      }
      line++;
    }
  }

  private static boolean isTest(Node document) {
    return document instanceof Node.Mapping mapping
        && mapping.find("automations") != null
        && TestReader.EXPECTATIONS.stream().anyMatch(name -> mapping.find(name) != null);
  }

  private void readDocuments(
      Path file, String text, boolean mustHoldTests, Consumer<ReadTest> tests) {
    Report report = new Report(file.toString(), new ArrayList<>());
    List<Node> documents = DocumentReader.read(text, report);
    List<Node> ofTests = documents.stream().filter(TestFiles::holdsTests).toList();
    if (report.errors() > 0 && (mustHoldTests || !ofTests.isEmpty())) {
      tests.accept(faulty(report));
    } else if (mustHoldTests && ofTests.isEmpty()) {
      tests.accept(
          unreadable(file.toString(), "contains no tests; they belong in a list named tests"));
    }
    for (Node document : ofTests) {
      readDocument(file, document, tests);
    }
  }

  private static boolean holdsTests(Node document) {
    return document instanceof Node.Mapping mapping && mapping.find("tests") != null;
  }

  private void readDocument(Path file, Node document, Consumer<ReadTest> tests) {
    Report report = new Report(file.toString(), new ArrayList<>());
    Fields fields = Value.of(document, report).fields();
    if (fields == null) {
      throw new IllegalStateException("a document of tests is an object");
    }
    Value written = fields.take("automations");
    TestedAutomations shared =
        written == null ? null : TestedAutomations.read(written, automations, file);
    List<Value> items = fields.items("tests");
    fields.finish();
    if (report.errors() > 0) {
      tests.accept(faulty(report));
    }
    for (int index = 0; index < items.size(); index++) {
      Value item = items.get(index);
      Report own = new Report(file.toString(), new ArrayList<>());
      tests.accept(
          new TestReader(automations, events, file, shared)
              .read(new Value(item.node(), item.path(), own), "tests[" + index + "]"));
    }
  }

  private static ReadTest unreadable(String file, String message) {
    Report report = new Report(file, new ArrayList<>());
    report.error(Position.WHOLE, "", message);
    return faulty(report);
  }

  private static ReadTest faulty(Report report) {
    List<Problem> errors = report.problems().stream().filter(Problem::isError).toList();
    return new ReadTest(report.file(), report.file(), "(the file itself)", null, errors);
  }

  /**
   * The automations that tests are about.
   *
   * @param set those that could be read
   * @param isSound whether all could
   */
  record TestedAutomations(AutomationSet set, boolean isSound) {

    /** Reads a list, or the file or folder of a path, relative to the file that names it. */
    static TestedAutomations read(Value written, AutomationFiles files, Path file) {
      Report report = written.report();
      int before = report.errors();
      if (written.node() instanceof Node.Sequence) {
        AutomationSet set = files.readInline(written);
        return new TestedAutomations(set, report.errors() == before);
      }
      String text = written.text();
      if (text == null) {
        return new TestedAutomations(AutomationSet.EMPTY, false);
      }
      AutomationFiles.ReadAutomations reading;
      try {
        reading = files.read(List.of(file.resolveSibling(text).normalize()));
      } catch (InvalidPathException e) {
        written.error("invalid path: " + e.getReason());
        return new TestedAutomations(AutomationSet.EMPTY, false);
      }
      if (reading.hasErrors()) {
        written.error("these automations have errors");
        reading.problems().stream().filter(Problem::isError).forEach(report.problems()::add);
      }
      return new TestedAutomations(reading.automations(), !reading.hasErrors());
    }
  }
}
