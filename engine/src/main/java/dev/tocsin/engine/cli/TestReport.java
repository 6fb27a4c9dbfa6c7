package dev.tocsin.engine.cli;

import dev.tocsin.config.testing.TestFiles.ReadTest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Reports tests: each one that fails, and all of them as JUnit XML. */
final class TestReport {

  private final PrintWriter out;
  private final Map<String, List<TestResult>> resultsByFile = new LinkedHashMap<>();
  private int passed;
  private int failed;

  TestReport(PrintWriter out) {
    this.out = out;
  }

  /** How a test ended. */
  sealed interface Verdict {

    /** Everything expected happened, and nothing else. */
    record TestPassed() implements Verdict {}

    /** Something was missing or unexpected. */
    record TestFailed(List<String> lines) implements Verdict {}

    /** The test or its automations are invalid. */
    record TestInvalid(List<String> lines) implements Verdict {}
  }

  private record TestResult(String name, Verdict verdict) {}

  void take(ReadTest test, Verdict verdict) {
    resultsByFile
        .computeIfAbsent(test.file(), file -> new ArrayList<>())
        .add(new TestResult(test.name(), verdict));
    switch (verdict) {
      case Verdict.TestPassed _ -> passed++;
      case Verdict.TestFailed(List<String> lines) -> {
        failed++;
        out.println("FAILED  " + test.place() + "  " + test.name());
        lines.forEach(line -> out.println("  " + line));
      }
      case Verdict.TestInvalid(List<String> lines) -> {
        failed++;
        boolean isKnown = lines.isEmpty();
        String why = isKnown ? "not run: its automations are invalid" : "not run: invalid";
        out.println("FAILED  " + test.place() + "  " + test.name() + "  " + why);
        lines.forEach(out::println);
      }
    }
    out.flush();
  }

  int failed() {
    return failed;
  }

  boolean isEmpty() {
    return resultsByFile.isEmpty();
  }

  /** Prints the last line. */
  void finish() {
    out.println(passed + " passed, " + failed + " failed");
    out.flush();
  }

  /** Writes JUnit XML, which build servers read, with a suite for every file. */
  void writeJunit(Path file) throws IOException {
    try (Writer text = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeStartElement("testsuites");
      for (Map.Entry<String, List<TestResult>> suite : resultsByFile.entrySet()) {
        writeSuite(suite.getKey(), suite.getValue(), xml);
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.flush();
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
  }

  private static void writeSuite(String file, List<TestResult> results, XMLStreamWriter xml)
      throws XMLStreamException {
    long failures = results.stream().filter(r -> r.verdict() instanceof Verdict.TestFailed).count();
    long errors = results.stream().filter(r -> r.verdict() instanceof Verdict.TestInvalid).count();
    xml.writeCharacters("\n");
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", sound(file));
    xml.writeAttribute("tests", Integer.toString(results.size()));
    xml.writeAttribute("failures", Long.toString(failures));
    xml.writeAttribute("errors", Long.toString(errors));
    for (TestResult result : results) {
      xml.writeCharacters("\n  ");
      xml.writeStartElement("testcase");
      xml.writeAttribute("classname", sound(file));
      xml.writeAttribute("name", sound(result.name()));
      switch (result.verdict()) {
        case Verdict.TestPassed _ -> {}
        case Verdict.TestFailed(List<String> lines) -> writeLines("failure", lines, xml);
        case Verdict.TestInvalid(List<String> lines) -> writeLines("error", lines, xml);
      }
      xml.writeEndElement();
    }
    xml.writeCharacters("\n");
    xml.writeEndElement();
  }

  private static void writeLines(String element, List<String> lines, XMLStreamWriter xml)
      throws XMLStreamException {
    xml.writeStartElement(element);
    xml.writeAttribute("message", lines.isEmpty() ? "not run" : sound(lines.getFirst()));
    xml.writeCharacters(sound(String.join("\n", lines)));
    xml.writeEndElement();
  }

  /** The text with U+FFFD in place of characters that XML 1.0 does not allow. */
  private static String sound(String text) {
    StringBuilder sound = new StringBuilder(text.length());
    text.codePoints().map(c -> isInXml(c) ? c : 0xFFFD).forEach(sound::appendCodePoint);
    return sound.toString();
  }

  private static boolean isInXml(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= 0x20 && c <= 0xD7FF)
        || (c >= 0xE000 && c <= 0xFFFD)
        || c >= 0x10000;
  }
}
