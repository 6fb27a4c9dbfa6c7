package dev.tocsin.config.document;

import java.util.List;

/** Reads the documents of one text: YAML 1.2 (core schema), or JSON (RFC 8259). */
public final class DocumentReader {

  /** Maximum length of a text in UTF-16 units. */
  public static final int MAX_LENGTH = 64_000_000;

  private DocumentReader() {}

  /** The documents up to the first place that cannot be read, which is reported. */
  public static List<Node> read(String text, Report report) {
    if (text.length() > MAX_LENGTH) {
      report.error(
          Position.WHOLE,
          "",
          "must have at most %,d characters, not %,d".formatted(MAX_LENGTH, text.length()));
      return List.of();
    }
    return isJson(report.file()) ? JsonNodes.read(text, report) : YamlNodes.read(text, report);
  }

  private static boolean isJson(String file) {
    return file.endsWith(".json");
  }
}
