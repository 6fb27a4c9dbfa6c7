package dev.tocsin.actions.template;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The tests of Jinja that templates know, by name. */
final class Tests {

  static final SortedMap<String, Test> ALL = new TreeMap<>();

  static {
    presence();
    kinds();
    numbers();
    comparisons();
  }

  private Tests() {}

  private static void presence() {
    ALL.put("defined", (value, with, rendition) -> isDefined(value));
    ALL.put("undefined", (value, with, rendition) -> !isDefined(value));
    ALL.put("none", (value, with, rendition) -> isNone(value));
    ALL.put("true", (value, with, rendition) -> Boolean.TRUE.equals(value));
    ALL.put("false", (value, with, rendition) -> Boolean.FALSE.equals(value));
  }

  private static boolean isDefined(@Nullable Object value) {
    return !(value instanceof Undefined missing) || missing.isNull();
  }

  private static boolean isNone(@Nullable Object value) {
    return value == null || (value instanceof Undefined missing && missing.isNull());
  }

  private static void kinds() {
    ALL.put("string", (value, with, rendition) -> value instanceof String);
    ALL.put("number", (value, with, rendition) -> value instanceof Number);
    ALL.put("integer", (value, with, rendition) -> Values.isWhole(value));
    ALL.put(
        "float", (value, with, rendition) -> value instanceof Double || value instanceof BigDecimal);
    ALL.put("boolean", (value, with, rendition) -> value instanceof Boolean);
    ALL.put("mapping", (value, with, rendition) -> Rendition.plain(value) instanceof Map);
    ALL.put("iterable", (value, with, rendition) -> hasItems(Rendition.plain(value)));
    ALL.put("sequence", (value, with, rendition) -> hasItems(Rendition.plain(value)));
  }

  private static boolean hasItems(@Nullable Object plain) {
    return plain instanceof Map || plain instanceof List || plain instanceof String;
  }

  private static void numbers() {
    ALL.put("even", (value, with, rendition) -> isDivisible(value, 2, rendition));
    ALL.put(
        "odd",
        (value, with, rendition) -> Values.isWhole(value) && !isDivisible(value, 2, rendition));
    ALL.put("divisibleby", Tests::isDivisible);
  }

  private static boolean isDivisible(
      @Nullable Object value, @Nullable Object by, Rendition rendition) {
    return value instanceof Number number
        && Values.isWhole(value)
        && by instanceof Number divisor
        && Values.isWhole(by)
        && Values.remainder(number, divisor, rendition).equals(0L);
  }

  private static void comparisons() {
    alias(Operator.EQUAL, "eq", "equalto", "sameas");
    alias(Operator.NOT_EQUAL, "ne");
    alias(Operator.LESS, "lt", "lessthan");
    alias(Operator.LESS_OR_EQUAL, "le");
    alias(Operator.GREATER, "gt", "greaterthan");
    alias(Operator.GREATER_OR_EQUAL, "ge");
    alias(Operator.IN, "in");
    ALL.put(
        "lower",
        (value, with, rendition) ->
            value instanceof String text && text.equals(Texts.lower(text)));
    ALL.put(
        "upper",
        (value, with, rendition) ->
            value instanceof String text && text.equals(Texts.upper(text)));
  }

  private static void alias(Operator operator, String... names) {
    Test test =
        (value, with, rendition) -> Boolean.TRUE.equals(operator.apply(value, with, rendition));
    for (String name : names) {
      ALL.put(name, test);
    }
  }
}
