package dev.tocsin.actions.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The filters of Jinja that templates know, and Prefect's two, by name. */
final class Filters {

  static final SortedMap<String, Filter> ALL = new TreeMap<>();

  static {
    Filter orElse = Filters::orElse;
    ALL.put("default", orElse);
    ALL.put("d", orElse);
    ALL.put("tojson", Filters::toJson);
    texts();
    numbers();
    lists();
    selections();
    ALL.put("ui_url", (input, with, rendition) -> Links.toPage(input, rendition));
    ALL.put(
        "ui_resource_events_url", (input, with, rendition) -> Links.toEvents(input, rendition));
  }

  private Filters() {}

  private static void texts() {
    text("string", (text, with, rendition) -> text);
    text("upper", (text, with, rendition) -> Texts.upper(text));
    text("lower", (text, with, rendition) -> Texts.lower(text));
    text("title", (text, with, rendition) -> Texts.title(text));
    text("capitalize", (text, with, rendition) -> Texts.capitalize(text));
    text(
        "trim",
        (text, with, rendition) ->
            Texts.strip(text, with.get(0, "chars"), true, true, rendition));
    text("replace", Texts::replace);
    text("truncate", Texts::truncate);
    text("indent", Texts::indent);
    text("escape", (text, with, rendition) -> Texts.escapeHtml(text, rendition));
    text("e", (text, with, rendition) -> Texts.escapeHtml(text, rendition));
    text(
        "center",
        (text, with, rendition) ->
            Texts.center(text, with.whole(0, "width", 80, rendition), rendition));
    text(
        "wordcount", (text, with, rendition) -> (long) Texts.split(text, null, rendition).size());
    text("urlencode", (text, with, rendition) -> Texts.percentEncode(text));
    ALL.put("safe", (input, with, rendition) -> input);
  }

  private static void numbers() {
    ALL.put("int", Filters::toWhole);
    ALL.put("float", Filters::toDouble);
    ALL.put("round", Filters::round);
    ALL.put("abs", Filters::absolute);
  }

  private static void lists() {
    Filter length = (input, with, rendition) -> (long) size(input, rendition);
    ALL.put("length", length);
    ALL.put("count", length);
    list("list", (items, with, rendition) -> items);
    list("first", (items, with, rendition) -> items.isEmpty() ? null : items.getFirst());
    list("last", (items, with, rendition) -> items.isEmpty() ? null : items.getLast());
    list("join", Filters::join);
    list("sort", Filters::sort);
    list("unique", Filters::unique);
    list("sum", Filters::sum);
    list("min", (items, with, rendition) -> extreme(items, with, -1, rendition));
    list("max", (items, with, rendition) -> extreme(items, with, 1, rendition));
    ALL.put("reverse", Filters::reverse);
    ALL.put("items", (input, with, rendition) -> pairs(input, rendition));
    ALL.put(
        "dictsort",
        (input, with, rendition) -> {
          List<@Nullable Object> pairs = pairs(input, rendition);
          pairs.sort(Comparator.comparing(pair -> rendition.text(((List<?>) pair).getFirst())));
          return pairs;
        });
  }

  private static void selections() {
    list("map", Filters::map);
    list("select", (items, with, rendition) -> select(items, with, 0, true, rendition));
    list("reject", (items, with, rendition) -> select(items, with, 0, false, rendition));
    list("selectattr", (items, with, rendition) -> select(items, with, 1, true, rendition));
    list("rejectattr", (items, with, rendition) -> select(items, with, 1, false, rendition));
  }

  private interface OfText {
    @Nullable Object apply(String text, Arguments arguments, Rendition rendition);
  }

  private interface OfList {
    @Nullable Object apply(
        List<@Nullable Object> items, Arguments arguments, Rendition rendition);
  }

  private static void text(String name, OfText filter) {
    ALL.put(
        name,
        (input, with, rendition) -> filter.apply(rendition.text(input), with, rendition));
  }

  private static void list(String name, OfList filter) {
    ALL.put(
        name,
        (input, with, rendition) -> filter.apply(rendition.items(input), with, rendition));
  }

  private static @Nullable Object orElse(
      @Nullable Object input, Arguments with, Rendition rendition) {
    boolean missing = input == null || input instanceof Undefined;
    if (missing || (with.truth(1, "boolean") && !Values.truth(input))) {
      return with.has(0, "default_value") ? with.get(0, "default_value") : "";
    }
    return input;
  }

  private static Object toJson(@Nullable Object input, Arguments with, Rendition rendition) {
    int indent = with.whole(0, "indent", 0, rendition);
    return JsonText.indented(input, Math.clamp(indent, 0, 16), rendition);
  }

  private static int size(@Nullable Object input, Rendition rendition) {
    return switch (Rendition.plain(rendition.use(input))) {
      case null -> 0;
      case String text -> text.codePointCount(0, text.length());
      case Map<?, ?> map -> map.size();
      case List<?> list -> list.size();
      case Object other -> throw rendition.fault("there is no length of " + Values.kind(other));
    };
  }

  private static @Nullable Object toWhole(
      @Nullable Object input, Arguments with, Rendition rendition) {
    Object value = rendition.use(input);
    if (value instanceof Number number) {
      return Values.isWhole(number) ? number : (Object) (long) number.doubleValue();
    }
    if (value instanceof Boolean truth) {
      return truth ? 1L : 0L;
    }
    if (value instanceof String text && text.length() < 1_000) {
      String digits = text.strip();
      if (digits.matches("[+-]?[0-9]+")) {
        return Values.reduce(new BigInteger(digits), rendition);
      }
      Double parsed = parse(digits);
      if (parsed != null) {
        return parsed.longValue();
      }
    }
    return with.has(0, "default") ? with.get(0, "default") : (Object) 0L;
  }

  private static @Nullable Object toDouble(
      @Nullable Object input, Arguments with, Rendition rendition) {
    Object value = rendition.use(input);
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    Double parsed = value instanceof String text ? parse(text) : null;
    return parsed != null ? parsed : with.has(0, "default") ? with.get(0, "default") : (Object) 0.0;
  }

  private static @Nullable Double parse(String text) {
    try {
      return text.length() > 1_000 ? null : (Double) Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable Object round(
      @Nullable Object input, Arguments with, Rendition rendition) {
    Object value = rendition.use(input);
    if (!(value instanceof Number number)) {
      return notANumber(value, "round", rendition);
    }
    double exact = number.doubleValue();
    if (!Double.isFinite(exact)) {
      return exact;
    }
    int precision = Math.clamp(with.whole(0, "precision", 0, rendition), -300, 300);
    RoundingMode mode =
        switch (with.text(1, "method", "common", rendition)) {
          case "common" -> RoundingMode.HALF_EVEN;
          case "ceil" -> RoundingMode.CEILING;
          case "floor" -> RoundingMode.FLOOR;
          case String other ->
              throw rendition.fault("round knows common, ceil and floor, not " + other);
        };
    return new BigDecimal(Double.toString(exact)).setScale(precision, mode).doubleValue();
  }

  private static @Nullable Object absolute(
      @Nullable Object input, Arguments with, Rendition rendition) {
    Object value = rendition.use(input);
    if (!(value instanceof Number number)) {
      return notANumber(value, "abs", rendition);
    }
    return number.doubleValue() < 0 ? Values.subtract(0L, number, rendition) : number;
  }

  private static @Nullable Object notANumber(
      @Nullable Object value, String filter, Rendition rendition) {
    if (value == null) {
      return null;
    }
    throw rendition.fault(filter + " takes a number, not " + Values.kind(value));
  }

  private static List<@Nullable Object> pairs(@Nullable Object input, Rendition rendition) {
    Object value = Rendition.plain(rendition.use(input));
    List<@Nullable Object> pairs = new ArrayList<>();
    if (value == null) {
      return pairs;
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw rendition.fault("this filter takes a map, not " + Values.kind(value));
    }
    rendition.spend(map.size());
    map.forEach((key, field) -> pairs.add(Members.pair(key, field)));
    return pairs;
  }

  private static Object join(
      List<@Nullable Object> items, Arguments with, Rendition rendition) {
    String separator = with.text(0, "d", "", rendition);
    BoundedText text = new BoundedText(rendition);
    boolean first = true;
    for (Object item : items) {
      text.append(first ? "" : separator);
      text.append(rendition.text(attribute(item, with.get(1, "attribute"), rendition)));
      first = false;
    }
    return text.toString();
  }

  /** A member of an item by a dotted name; the item itself where no name is given. */
  private static @Nullable Object attribute(
      @Nullable Object item, @Nullable Object name, Rendition rendition) {
    if (name == null) {
      return item;
    }
    Object value = item;
    for (Object part : Texts.split(rendition.text(name), ".", rendition)) {
      value = Members.find(value, part, rendition.text(name));
    }
    return value;
  }

  private static Comparator<@Nullable Object> order(Arguments with, int place, Rendition rendition) {
    boolean caseSensitive = with.truth(place, "case_sensitive");
    Object name = with.get(place + 1, "attribute");
    return (a, b) ->
        Values.compare(
            folded(attribute(a, name, rendition), caseSensitive),
            folded(attribute(b, name, rendition), caseSensitive),
            rendition);
  }

  private static @Nullable Object folded(@Nullable Object value, boolean caseSensitive) {
    return value instanceof String text && !caseSensitive ? Texts.lower(text) : value;
  }

  private static Object sort(
      List<@Nullable Object> items, Arguments with, Rendition rendition) {
    List<@Nullable Object> sorted = new ArrayList<>(items);
    sorted.sort(order(with, 1, rendition));
    if (with.truth(0, "reverse")) {
      Collections.reverse(sorted);
    }
    return sorted;
  }

  private static @Nullable Object extreme(
      List<@Nullable Object> items, Arguments with, int sign, Rendition rendition) {
    Comparator<@Nullable Object> order = order(with, 0, rendition);
    Object best = null;
    boolean first = true;
    for (Object item : items) {
      if (first || Integer.signum(order.compare(item, best)) == sign) {
        best = item;
      }
      first = false;
    }
    return best;
  }

  private static Object unique(
      List<@Nullable Object> items, Arguments with, Rendition rendition) {
    boolean caseSensitive = with.truth(0, "case_sensitive");
    SortedMap<String, Boolean> seen = new TreeMap<>();
    List<@Nullable Object> unique = new ArrayList<>();
    for (Object item : items) {
      Object key = attribute(item, with.get(1, "attribute"), rendition);
      if (seen.put(JsonText.compact(folded(key, caseSensitive), rendition), true) == null) {
        unique.add(item);
      }
    }
    return unique;
  }

  private static @Nullable Object sum(
      List<@Nullable Object> items, Arguments with, Rendition rendition) {
    Object total = with.has(1, "start") ? with.get(1, "start") : (Object) 0L;
    for (Object item : items) {
      Object value = attribute(item, with.get(0, "attribute"), rendition);
      total = Operator.ADD.apply(total, value, rendition);
    }
    return total;
  }

  private static @Nullable Object reverse(
      @Nullable Object input, Arguments with, Rendition rendition) {
    if (input instanceof String text) {
      rendition.spend(text.length());
      return new StringBuilder(text).reverse().toString();
    }
    List<@Nullable Object> reversed = new ArrayList<>(rendition.items(input));
    Collections.reverse(reversed);
    return reversed;
  }

  private static Object map(
      List<@Nullable Object> items, Arguments with, Rendition rendition) {
    List<@Nullable Object> mapped = new ArrayList<>(items.size());
    Object name = with.named().get("attribute");
    if (name != null) {
      Object otherwise = with.named().get("default");
      for (Object item : items) {
        Object value = attribute(item, name, rendition);
        mapped.add(value instanceof Undefined && otherwise != null ? otherwise : value);
      }
      return mapped;
    }
    String filterName = with.text(0, "filter", "", rendition);
    Filter filter = ALL.get(filterName);
    if (filter == null) {
      throw rendition.fault("map knows no filter '" + filterName + "'");
    }
    List<@Nullable Object> rest = with.positional().stream().skip(1).toList();
    for (Object item : items) {
      mapped.add(filter.apply(item, new Arguments(rest, with.named()), rendition));
    }
    return mapped;
  }

  private static Object select(
      List<@Nullable Object> items, Arguments with, int place, boolean keep, Rendition rendition) {
    Object name = place == 0 ? null : with.get(0, "attribute");
    Test test = test(with.get(place, "test"), rendition);
    Object argument = with.get(place + 1, "value");
    List<@Nullable Object> selected = new ArrayList<>();
    for (Object item : items) {
      if (test.holds(attribute(item, name, rendition), argument, rendition) == keep) {
        selected.add(item);
      }
    }
    return selected;
  }

  private static Test test(@Nullable Object name, Rendition rendition) {
    if (name == null) {
      return (value, with, spending) -> Values.truth(value);
    }
    Test test = Tests.ALL.get(rendition.text(name));
    if (test == null) {
      throw rendition.fault("there is no test '" + rendition.text(name) + "'");
    }
    return test;
  }
}
