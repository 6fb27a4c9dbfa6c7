package dev.tocsin.actions.template;

/**
 * No value, and where it was looked for.
 *
 * @param path as the template writes it
 * @param isNull whether the place exists and holds null
 */
record Undefined(String path, boolean isNull) {

  private static final int MAX_LENGTH = 200;

  /** Cuts a path that a template made longer than anybody reads. */
  Undefined {
    if (path.codePointCount(0, path.length()) > MAX_LENGTH) {
      path = path.substring(0, path.offsetByCodePoints(0, MAX_LENGTH)) + "…";
    }
  }
}
