package dev.tocsin.actions.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.lib.filter.RoundFilter;
import com.hubspot.jinjava.lib.filter.SumFilter;
import com.hubspot.jinjava.objects.date.StrftimeFormatter;
import dev.tocsin.wire.Rfc3339;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The filters that are ours: Prefect's two, and those that Jinjava does not bound or does not have.
 */
final class Filters {

  private static final int MAX_INDENT = 16;
  private static final int MAX_DECIMALS = 20;

  /** Filters that compare the items of their input with one another. */
  private static final Set<String> SORTING = Set.of("sort", "dictsort", "unique");

  /** Filters that look for their first argument in their input. */
  private static final Set<String> SEARCHING = Set.of("replace", "split");

  /** Tests that look for texts in texts; the text is their value or their argument. */
  private static final Set<String> SEARCHING_TESTS =
      Set.of("containing", "containingall", "in", "string_containing", "within");

  /** Filters that do not look into their input. */
  private static final Set<String> LIGHT = Set.of("first", "last", "safe");

  static final List<Filter> ALL =
      List.of(
          filter("tojson", Filters::toJson),
          filter("urlencode", (input, with) -> percentEncode(Json.print(input))),
          filter(
              "replace",
              (input, with) ->
                  replace(Json.print(input), with.text(0, ""), with.text(1, ""), with.rendition())),
          filter("datetimeformat", Filters::formatted),
          filter("round", Filters::rounded),
          filter("int", Filters::whole),
          filter("float", Filters::floating),
          filter("sum", Filters::sum),
          filter("ui_url", (input, with) -> Links.toPage(input, with.rendition())),
          filter(
              "ui_resource_events_url", (input, with) -> Links.toEvents(input, with.rendition())));

  private Filters() {}

  /**
   * The filter, for which null is not the text "null": as input it stays null, as an argument it is
   * "".
   */
  static Filter passingNull(Filter filter) {
    return filter(
        filter.getName(),
        (input, with) ->
            input == null
                ? null
                : filter.filter(
                    input,
                    with.rendition(),
                    with.positional().stream().map(value -> value == null ? "" : value).toArray(),
                    with.named()));
  }

  private static Object toJson(@Nullable Object input, Arguments with) {
    return Json.text(input, Math.clamp(with.whole(0, "indent", 0), 0, MAX_INDENT));
  }

  /** A time in ISO 8601 by a strftime format, in its own offset or in a zone. */
  private static @Nullable Object formatted(@Nullable Object input, Arguments with) {
    if (input == null) {
      return null;
    }
    try {
      ZonedDateTime time = Rfc3339.parseWithOffset(Json.print(input)).toZonedDateTime();
      String zone = with.text(1, "");
      return StrftimeFormatter.format(
          zone.isEmpty() ? time : time.withZoneSameInstant(ZoneId.of(zone)),
          with.text(0, "%Y-%m-%d %H:%M:%S"),
          Locale.ROOT);
    } catch (DateTimeException e) {
      throw with.rendition().fault("datetimeformat: " + e.getMessage());
    }
  }

  private static @Nullable Object rounded(@Nullable Object input, Arguments with) {
    if (input == null) {
      return null;
    }
    requireNumber("round", input, with.rendition());
    int decimals = Math.clamp(with.whole(0, "precision", 0), -MAX_DECIMALS, MAX_DECIMALS);
    return new RoundFilter()
        .filter(input, with.rendition(), String.valueOf(decimals), with.text(1, "common"));
  }

  /** The whole part of a number or of a text that is one; else the default, or 0. */
  private static Object whole(@Nullable Object input, Arguments with) {
    return Arithmetic.whole(numberOr("int", input, with).toBigInteger());
  }

  /** A number, or a text that is one, in floating point; else the default, or 0. */
  private static Object floating(@Nullable Object input, Arguments with) {
    BigDecimal number = numberOr("float", input, with);
    double nearest = number.doubleValue();
    if (!Double.isFinite(nearest)) {
      throw with.rendition().fault("float cannot compute with " + number);
    }
    return nearest;
  }

  private static BigDecimal numberOr(String filter, @Nullable Object input, Arguments with) {
    BigDecimal number = number(input);
    if (number == null) {
      number =
          number(
              with.positional().isEmpty()
                  ? with.named().get("default")
                  : with.positional().getFirst());
    }
    requireNumber(filter, number, with.rendition());
    return number == null ? BigDecimal.ZERO : number;
  }

  /** A number, a text that is one, or a truth as 1 or 0; null for all else. */
  private static @Nullable BigDecimal number(@Nullable Object value) {
    try {
      return switch (value) {
        case BigDecimal exact -> exact;
        case Boolean truth -> truth ? BigDecimal.ONE : BigDecimal.ZERO;
        case Number other -> new BigDecimal(other.toString());
        case CharSequence text -> new BigDecimal(text.toString().strip());
        case null, default -> null;
      };
    } catch (NumberFormatException noNumber) {
      return null;
    }
  }

  private static @Nullable Object sum(@Nullable Object input, Arguments with) {
    Object start = with.positional().isEmpty() ? null : with.positional().getFirst();
    Object attribute = with.positional().size() > 1 ? with.positional().get(1) : null;
    String name = Json.print(attribute == null ? with.named().get("attribute") : attribute);
    requireNumber("sum", start, with.rendition());
    if (input instanceof List<?> items) {
      for (Object item : items) {
        Object value = name.isEmpty() ? item : with.rendition().resolveProperty(item, name);
        requireNumber("sum", value, with.rendition());
      }
    }
    return new SumFilter()
        .filter(input, with.rendition(), with.positional().toArray(), with.named());
  }

  private static void requireNumber(
      String filter, @Nullable Object value, BoundedInterpreter rendition) {
    if (value instanceof BigDecimal number && Json.isTooLong(number)) {
      throw rendition.fault(filter + " cannot compute with " + number);
    }
    if (value != null && !(value instanceof Number)) {
      throw rendition.fault(filter + " requires numbers, not " + Json.text(value, 0));
    }
  }

  /** The text with one thing replaced by another; the result is bounded before it is made. */
  private static String replace(
      String text, String old, String fresh, BoundedInterpreter rendition) {
    long growth = old.isEmpty() ? 0 : (long) text.length() / old.length() * fresh.length();
    if (growth > 10L * BoundedInterpreter.MAX_TEXT) {
      throw rendition.fault("replace could return more than 10,000,000 characters");
    }
    return old.isEmpty() ? text : text.replace(old, fresh);
  }

  /** Percent-encoding of all but unreserved characters and the slash (RFC 3986). */
  static String percentEncode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~")
        .replace("%2F", "/");
  }

  private interface FilterBody {
    @Nullable Object apply(@Nullable Object input, Arguments with);
  }

  private record Arguments(
      BoundedInterpreter rendition, List<Object> positional, Map<String, Object> named) {

    String text(int place, String otherwise) {
      return place < positional.size() ? Json.print(positional.get(place)) : otherwise;
    }

    long whole(int place, String name, long otherwise) {
      Object value = place < positional.size() ? positional.get(place) : named.get(name);
      if (value == null) {
        return otherwise;
      }
      if (value instanceof Number number) {
        return number.longValue();
      }
      throw rendition.fault(name + " must be a number, not " + Json.text(value, 0));
    }
  }

  /** Counts what a filter looks at, whether a template or another filter applies it. */
  private static void count(
      String name,
      @Nullable Object input,
      @Nullable Object[] positional,
      Map<String, Object> named,
      BoundedInterpreter rendition) {
    rendition.apply();
    if (SORTING.contains(name)) {
      rendition.touchSorting(input);
    } else if (!LIGHT.contains(name)) {
      rendition.touch(input);
    }
    rendition.touch(positional);
    rendition.touch(named.values());
    if (SEARCHING.contains(name) && positional.length > 0) {
      rendition.touchSearch(positional[0], input);
    }
  }

  /** The test, which also counts what it looks at. */
  static ExpTest counted(ExpTest test) {
    return new ExpTest() {
      @Override
      public String getName() {
        return test.getName();
      }

      @Override
      public boolean evaluate(
          @Nullable Object value, JinjavaInterpreter interpreter, @Nullable Object... arguments) {
        count(value, interpreter, arguments);
        return test.evaluate(value, interpreter, arguments);
      }

      @Override
      public boolean evaluateNegated(
          @Nullable Object value, JinjavaInterpreter interpreter, @Nullable Object... arguments) {
        count(value, interpreter, arguments);
        return test.evaluateNegated(value, interpreter, arguments);
      }

      private void count(
          @Nullable Object value, JinjavaInterpreter interpreter, @Nullable Object[] arguments) {
        BoundedInterpreter rendition = BoundedInterpreter.of(interpreter);
        rendition.apply();
        rendition.touch(value);
        rendition.touch(arguments);
        if (SEARCHING_TESTS.contains(test.getName()) && arguments.length > 0) {
          rendition.touchSearch(arguments[0], value);
        }
      }
    };
  }

  private static Filter filter(String name, FilterBody body) {
    return new Filter() {
      @Override
      public String getName() {
        return name;
      }

      @Override
      public @Nullable Object filter(
          @Nullable Object input, JinjavaInterpreter interpreter, String... arguments) {
        return filter(input, interpreter, arguments, Map.of());
      }

      @Override
      public @Nullable Object filter(
          @Nullable Object input,
          JinjavaInterpreter interpreter,
          Object[] positional,
          Map<String, Object> named) {
        BoundedInterpreter rendition = BoundedInterpreter.of(interpreter);
        count(name, input, positional, named, rendition);
        return body.apply(input, new Arguments(rendition, Arrays.asList(positional), named));
      }
    };
  }
}
