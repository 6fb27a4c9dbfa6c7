package dev.tocsin.actions.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One rendering under way: its variables, what it found undefined, and what it has used up of its
 * bounds. They count turns and work, never time, so a rendering ends the same way everywhere.
 */
final class Rendition {

  /** Most turns of all loops together. */
  static final int MAX_TURNS = 100_000;

  /** Most steps: one for each expression, and one for each character or item it goes through. */
  static final long MAX_WORK = 50_000_000;

  private static final int MAX_ITEMS = 100_000;

  private static final int MAX_UNDEFINED = 100;

  private final Map<String, ?> variables;
  private final Deque<Map<String, @Nullable Object>> scopes = new ArrayDeque<>();
  private final Set<String> undefined = new LinkedHashSet<>();
  private int turns;
  private long work;
  private int line = 1;

  Rendition(Map<String, ?> variables) {
    this.variables = variables;
    scopes.push(new HashMap<>());
  }

  /** The value of a variable; {@link Undefined} where there is none. */
  Object lookup(String name) {
    for (Map<String, @Nullable Object> scope : scopes) {
      if (scope.containsKey(name)) {
        return defined(scope.get(name), name, true);
      }
    }
    return defined(variables.get(name), name, variables.containsKey(name));
  }

  /** A value as it was found at a path. */
  static Object defined(@Nullable Object found, String path, boolean present) {
    Object value = LazyValue.resolve(found);
    return value == null ? new Undefined(path, present) : value;
  }

  void assign(String name, @Nullable Object value) {
    scopes.element().put(name, value);
  }

  void enter() {
    scopes.push(new HashMap<>());
  }

  void leave() {
    scopes.pop();
  }

  void at(int templateLine) {
    line = templateLine;
  }

  TemplateFault fault(String message) {
    return new TemplateFault(line, message);
  }

  void turn() {
    if (++turns > MAX_TURNS) {
      throw fault("the loops take more than 100,000 turns");
    }
  }

  /** Spends steps; ends the rendering where they are used up. */
  void spend(long steps) {
    work += steps;
    if (work > MAX_WORK) {
      throw fault("the template takes more than 50,000,000 steps");
    }
  }

  /** A value about to be used: one that is undefined is noted, and is null from here on. */
  @Nullable Object use(@Nullable Object value) {
    if (value instanceof Undefined missing) {
      if (undefined.size() < MAX_UNDEFINED) {
        undefined.add(missing.path());
      }
      return null;
    }
    return value;
  }

  /** A value as text, as it prints. */
  String text(@Nullable Object value) {
    Object used = LazyValue.resolve(use(value));
    String text =
        switch (used) {
          case null -> "";
          case String string -> string;
          case Boolean truth -> truth.toString();
          case Number number -> number.toString();
          default -> JsonText.compact(used, this);
        };
    spend(text.length());
    return text;
  }

  /** A value as the items that a loop goes through: of a map its keys, of text its characters. */
  List<@Nullable Object> items(@Nullable Object value) {
    Object used = plain(use(value));
    List<@Nullable Object> items =
        switch (used) {
          case null -> List.of();
          case List<?> list -> new ArrayList<>(list);
          case Map<?, ?> map -> new ArrayList<>(map.keySet());
          case String text -> characters(text);
          default -> throw fault("cannot go through the items of " + Values.kind(used));
        };
    spend(items.size());
    return items;
  }

  /** The list itself, where it is not too long to be kept. */
  List<@Nullable Object> bounded(List<@Nullable Object> items) {
    if (items.size() > MAX_ITEMS) {
      throw fault("a list grows beyond 100,000 items");
    }
    spend(items.size());
    return items;
  }

  private List<@Nullable Object> characters(String text) {
    spend(text.length());
    List<@Nullable Object> characters = new ArrayList<>();
    text.codePoints().forEach(point -> characters.add(Character.toString(point)));
    return characters;
  }

  /** A lazy value resolved, and an object as its map or list. */
  static @Nullable Object plain(@Nullable Object value) {
    Object resolved = LazyValue.resolve(value);
    return resolved instanceof TemplateObject object ? object.plain() : resolved;
  }

  List<String> undefined() {
    return List.copyOf(undefined);
  }
}
