package dev.tocsin.config.document;

import java.util.regex.Pattern;

/**
 * The path of a part of a document: {@code automations[2].trigger.match['prefect.resource.id']}.
 */
public final class FieldPath {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,59}");

  private FieldPath() {}

  /** The path of a field of the object at a path. */
  public static String of(String object, String name) {
    if (!PLAIN.matcher(name).matches()) {
      return object + "[" + Quoted.of(name) + "]";
    }
    return object.isEmpty() ? name : object + "." + name;
  }

  /** The path of an item of the list at a path. */
  public static String of(String list, int index) {
    return list + "[" + index + "]";
  }
}
