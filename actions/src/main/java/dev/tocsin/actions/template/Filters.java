package dev.tocsin.actions.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
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
import org.jspecify.annotations.Nullable;

/**
 * The filters that are ours: Prefect's two, and those that Jinjava does not bound or does not have.
 */
final class Filters {

  private static final int MAX_INDENT = 16;
  private static final int MAX_DECIMALS = 20;

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
        return body.apply(
            input,
            new Arguments(BoundedInterpreter.of(interpreter), Arrays.asList(positional), named));
      }
    };
  }
}
