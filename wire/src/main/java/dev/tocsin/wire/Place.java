package dev.tocsin.wire;

import java.util.List;

/** The place of a problem. {@code toString} renders it as it is printed. */
public sealed interface Place {

  /**
   * The part of the document, as {@code automations[2].trigger.within} or {@code $[3].resource}.
   * Empty for a whole file; for a parameter its name.
   */
  String path();

  /**
   * A place in a file that a person writes. It is printed as {@code file:line:column path}.
   *
   * @param file as the user named it; for a setting, its variable or option
   * @param line from 1; 0 for the whole file
   * @param column from 1, in code points; 0 for the whole file
   * @param path the part of the document; empty for the whole
   */
  record InFile(String file, int line, int column, String path) implements Place {

    /** Refuses a negative line or column. */
    public InFile {
      if (line < 0 || column < 0) {
        throw new IllegalArgumentException("invalid position " + line + ":" + column);
      }
    }

    @Override
    public String toString() {
      String position = line == 0 ? file : file + ":" + line + ":" + column;
      return path.isEmpty() ? position : position + "  " + path;
    }
  }

  /**
   * A value in JSON. It is printed as a JSON path: {@code $[3].resource["prefect.resource.id"]}.
   *
   * @param steps names ({@link String}) and list indexes ({@link Integer}) from the outermost in;
   *     empty for the whole input. A long name is cut
   */
  record InJson(List<Object> steps) implements Place {

    /** Copies; cuts long names. Refuses a step that is neither a name nor an index. */
    public InJson {
      steps = steps.stream().map(InJson::checked).toList();
    }

    private static Object checked(Object step) {
      return switch (step) {
        case String name -> Excerpt.of(name);
        case Integer index -> index;
        default -> throw new IllegalArgumentException("invalid step " + step);
      };
    }

    @Override
    public String path() {
      StringBuilder path = new StringBuilder("$");
      for (Object step : steps) {
        if (step instanceof Integer index) {
          path.append('[').append(index).append(']');
        } else {
          appendName(path, step.toString());
        }
      }
      return path.toString();
    }

    private static void appendName(StringBuilder path, String name) {
      if (isPlain(name)) {
        path.append('.').append(name);
      } else {
        String escaped = name.replace("\\", "\\\\").replace("\"", "\\\"");
        path.append("[\"").append(escaped).append("\"]");
      }
    }

    private static boolean isPlain(String name) {
      return !name.isEmpty()
          && name.chars()
              .allMatch(
                  c ->
                      c == '_'
                          || (c >= 'a' && c <= 'z')
                          || (c >= 'A' && c <= 'Z')
                          || (c >= '0' && c <= '9'));
    }

    @Override
    public String toString() {
      return path();
    }
  }

  /**
   * A byte of input that is not JSON. It is printed as {@code $}; the message names the byte.
   *
   * @param offset from 0
   */
  record AtByte(int offset) implements Place {

    @Override
    public String path() {
      return "$";
    }

    @Override
    public String toString() {
      return path();
    }
  }

  /**
   * A parameter of an HTTP request.
   *
   * @param part {@code query} or {@code path}
   * @param name of the parameter; empty if none can be named
   */
  record InRequest(String part, String name) implements Place {

    @Override
    public String path() {
      return name;
    }

    @Override
    public String toString() {
      return part + " parameter " + name;
    }
  }
}
