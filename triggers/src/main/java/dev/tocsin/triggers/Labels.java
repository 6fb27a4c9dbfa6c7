package dev.tocsin.triggers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The labels of one resource: text to text, in the order given, each label once. Kept in one flat
 * array, since an event has few labels and there are many events.
 */
public final class Labels {

  private final String[] namesAndValues;

  private Labels(String[] namesAndValues) {
    this.namesAndValues = namesAndValues;
  }

  /**
   * The labels of a map, in its order of iteration. Refuses text that {@link CodePoints#areSound}
   * refuses.
   */
  public static Labels of(Map<String, String> labels) {
    String[] flat = new String[labels.size() * 2];
    int at = 0;
    for (Map.Entry<String, String> label : labels.entrySet()) {
      flat[at++] = label.getKey();
      flat[at++] = label.getValue();
    }
    return checked(flat);
  }

  /** The labels of alternating names and values. Refuses duplicate names and unsound text. */
  public static Labels of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("labels are pairs of name and value");
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (!names.add(namesAndValues[i])) {
        throw new IllegalArgumentException("label " + namesAndValues[i] + " is a duplicate");
      }
    }
    return checked(namesAndValues.clone());
  }

  private static Labels checked(String[] flat) {
    for (String text : flat) {
      if (!CodePoints.areSound(text)) {
        throw new IllegalArgumentException("a label contains a NUL or a lone surrogate");
      }
    }
    return new Labels(flat);
  }

  /** The value of a label, or null if there is no such label. */
  public @Nullable String get(String name) {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (namesAndValues[i].equals(name)) {
        return namesAndValues[i + 1];
      }
    }
    return null;
  }

  /** The number of labels. */
  public int size() {
    return namesAndValues.length / 2;
  }

  /** The number of characters (UTF-16 units) of all names and values. */
  public long characters() {
    long characters = 0;
    for (String text : namesAndValues) {
      characters += text.length();
    }
    return characters;
  }

  /** Visits every label, in order. */
  public void forEach(BiConsumer<String, String> visitor) {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      visitor.accept(namesAndValues[i], namesAndValues[i + 1]);
    }
  }

  /** The labels as an unmodifiable map, in order. */
  public Map<String, String> asMap() {
    Map<String, String> map = new LinkedHashMap<>();
    forEach(map::put);
    return Collections.unmodifiableMap(map);
  }

  /** The names, in order. */
  public List<String> names() {
    List<String> names = new ArrayList<>(size());
    forEach((name, value) -> names.add(name));
    return Collections.unmodifiableList(names);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Labels that && asMap().equals(that.asMap());
  }

  @Override
  public int hashCode() {
    return asMap().hashCode();
  }

  @Override
  public String toString() {
    return asMap().toString();
  }
}
