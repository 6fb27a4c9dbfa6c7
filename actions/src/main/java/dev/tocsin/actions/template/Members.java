package dev.tocsin.actions.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What values have: members, methods, and the one function. */
final class Members {

  /** Most numbers that {@code range} gives. */
  static final int MAX_RANGE = 100;

  /** The methods of maps and texts, by name. */
  static final SortedMap<String, Method> METHODS = new TreeMap<>();

  static {
    for (String name : List.of("items", "keys", "values", "get")) {
      METHODS.put(name, Members::ofMap);
    }
    for (String name :
        List.of(
            "upper", "lower", "title", "capitalize", "strip", "lstrip", "rstrip", "startswith",
            "endswith", "split", "replace")) {
      METHODS.put(name, Members::ofText);
    }
  }

  private Members() {}

  /** The member of a value by a name or a place in a list. */
  static Object find(@Nullable Object owner, @Nullable Object key, String path) {
    Object value = LazyValue.resolve(owner);
    return switch (value) {
      case TemplateObject object when key instanceof String name ->
          Rendition.defined(object.member(name), path, false);
      case Map<?, ?> map when key instanceof String name ->
          Rendition.defined(map.get(name), path, map.containsKey(name));
      case List<?> list when key instanceof Number place && Values.isWhole(place) ->
          at(list, place.longValue(), path);
      case null, default -> new Undefined(path, false);
    };
  }

  private static Object at(List<?> list, long place, String path) {
    long index = place < 0 ? place + list.size() : place;
    boolean inside = index >= 0 && index < list.size();
    return Rendition.defined(inside ? list.get((int) index) : null, path, inside);
  }

  static List<@Nullable Object> range(Arguments arguments, Rendition rendition) {
    int count = arguments.positional().size();
    long start = count > 1 ? arguments.whole(0, "start", 0, rendition) : 0;
    long stop = arguments.whole(count > 1 ? 1 : 0, "stop", 0, rendition);
    long step = arguments.whole(2, "step", 1, rendition);
    if (step == 0) {
      throw rendition.fault("the step of range must not be 0");
    }
    List<@Nullable Object> numbers = new ArrayList<>();
    for (long number = start; step > 0 ? number < stop : number > stop; number += step) {
      if (numbers.size() == MAX_RANGE) {
        throw rendition.fault("range gives at most 100 numbers");
      }
      numbers.add(number);
    }
    return numbers;
  }

  private static @Nullable Object ofMap(
      String name, Object owner, Arguments arguments, Rendition rendition) {
    if (!(owner instanceof Map<?, ?> map)) {
      throw rendition.fault("only a map has ." + name + "(), not " + Values.kind(owner));
    }
    rendition.spend(map.size());
    List<@Nullable Object> all = new ArrayList<>();
    switch (name) {
      case "items" -> map.forEach((key, value) -> all.add(pair(key, value)));
      case "keys" -> all.addAll(map.keySet());
      case "values" -> map.values().forEach(value -> all.add(LazyValue.resolve(value)));
      default -> {
        Object found = LazyValue.resolve(map.get(arguments.text(0, "key", "", rendition)));
        return found == null ? arguments.get(1, "default") : found;
      }
    }
    return all;
  }

  /** A list of two. */
  static List<@Nullable Object> pair(@Nullable Object first, @Nullable Object second) {
    List<@Nullable Object> pair = new ArrayList<>(2);
    pair.add(first);
    pair.add(LazyValue.resolve(second));
    return pair;
  }

  private static @Nullable Object ofText(
      String name, Object owner, Arguments arguments, Rendition rendition) {
    if (!(owner instanceof String text)) {
      throw rendition.fault("only text has ." + name + "(), not " + Values.kind(owner));
    }
    rendition.spend(text.length());
    return switch (name) {
      case "upper" -> Texts.upper(text);
      case "lower" -> Texts.lower(text);
      case "title" -> Texts.title(text);
      case "capitalize" -> Texts.capitalize(text);
      case "strip" -> Texts.strip(text, arguments.get(0, "chars"), true, true, rendition);
      case "lstrip" -> Texts.strip(text, arguments.get(0, "chars"), true, false, rendition);
      case "rstrip" -> Texts.strip(text, arguments.get(0, "chars"), false, true, rendition);
      case "startswith" -> text.startsWith(arguments.text(0, "prefix", "", rendition));
      case "endswith" -> text.endsWith(arguments.text(0, "suffix", "", rendition));
      case "split" -> Texts.split(text, arguments.get(0, "sep"), rendition);
      default -> Texts.replace(text, arguments, rendition);
    };
  }
}
