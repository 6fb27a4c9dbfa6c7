package dev.tocsin.engine.server;

import dev.tocsin.engine.server.Validation.Fault;
import dev.tocsin.engine.store.EventQuery;
import dev.tocsin.triggers.CodePoints;
import dev.tocsin.triggers.Pattern;
import dev.tocsin.wire.Suggestion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a query, each read once, all their faults found at once. */
final class Parameters {

  private static final int MAX_PARAMETERS = 32;

  private final Map<String, List<String>> given;
  private final List<Fault> faults = new ArrayList<>();

  /** Of a request's target; parameters beside the known ones are faults. */
  Parameters(String uri, List<String> known) {
    this(uri, known, true);
  }

  /** Of a request's target; parameters beside the known ones are passed over. */
  static Parameters amongOthers(String uri, List<String> known) {
    return new Parameters(uri, known, false);
  }

  private Parameters(String uri, List<String> known, boolean othersAreFaults) {
    Map<String, List<String>> parameters = Map.of();
    try {
      parameters = QueryStringDecoder.builder().maxParams(MAX_PARAMETERS).build(uri).parameters();
    } catch (IllegalArgumentException undecodable) {
      add("", "value_error", "The query is not percent-encoded UTF-8 (RFC 3986)", uri);
    }
    if (faults.isEmpty() && !isUtf8(uri)) {
      add("", "value_error", "The query is not percent-encoded UTF-8 (RFC 3986)", uri);
      parameters = Map.of();
    }
    given = parameters;
    given.forEach(
        (name, values) -> {
          if (known.contains(name)) {
            if (values.size() > 1) {
              add(name, "value_error", "Given " + values.size() + " times; once is enough", null);
            }
          } else if (othersAreFaults) {
            add(name, "extra_forbidden", "Unknown parameter" + Suggestion.orAll(name, known), null);
          }
        });
  }

  /**
   * Whether what stands behind the percent signs is UTF-8; what is no hexadecimal is passed over.
   */
  private static boolean isUtf8(String uri) {
    ByteBuffer bytes = ByteBuffer.allocate(uri.length());
    for (int i = 0; i < uri.length(); i++) {
      boolean isEncoded =
          uri.charAt(i) == '%'
              && i + 2 < uri.length()
              && HexFormat.isHexDigit(uri.charAt(i + 1))
              && HexFormat.isHexDigit(uri.charAt(i + 2));
      if (isEncoded) {
        bytes.put((byte) HexFormat.fromHexDigits(uri, i + 1, i + 3));
        i += 2;
      } else {
        bytes.put((byte) (uri.charAt(i) & 0x7f));
      }
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(bytes.flip());
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  @Nullable String text(String name) {
    List<String> values = given.get(name);
    return values == null ? null : values.getFirst();
  }

  /** A pattern, as text. */
  @Nullable String pattern(String name) {
    String text = text(name);
    if (text != null && text.length() > Pattern.MAX_LENGTH) {
      add(
          name,
          "string_too_long",
          "A pattern has at most %d characters, not %d"
              .formatted(Pattern.MAX_LENGTH, text.length()),
          null);
      return null;
    }
    if (text != null && !CodePoints.areSound(text)) {
      add(name, "value_error", "Holds a NUL, which is in no event", null);
      return null;
    }
    return text;
  }

  /** An instant with an offset (RFC 3339). */
  @Nullable Instant instant(String name) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException notATime) {
      String hint =
          text.indexOf(' ') > 0 ? "; in a query a + is written %2B" : ", as 2026-11-23T06:10:00Z";
      add(name, "value_error", "Must be a time of RFC 3339 with an offset" + hint, text);
      return null;
    }
  }

  /** {@code true} or {@code false}; false where it is not given. */
  boolean flag(String name) {
    String text = text(name);
    if (text == null || text.equals("false")) {
      return false;
    }
    if (!text.equals("true")) {
      add(name, "bool_parsing", "Must be true or false", text);
    }
    return true;
  }

  /** How many events, 1 to {@value EventQuery#MAX_LIMIT}. */
  int limit() {
    long limit = number("limit", 1, EventQuery.MAX_LIMIT, EventQuery.DEFAULT_LIMIT);
    return (int) limit;
  }

  /** A whole number within bounds. */
  long number(String name, long least, long most, long otherwise) {
    String text = text(name);
    if (text == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(text);
      if (number < least || number > most) {
        boolean low = number < least;
        add(
            name,
            low ? "greater_than_equal" : "less_than_equal",
            "Must be " + least + " to " + most,
            text);
        return otherwise;
      }
      return number;
    } catch (NumberFormatException notANumber) {
      add(name, "int_parsing", "Must be a whole number, " + least + " to " + most, text);
      return otherwise;
    }
  }

  /** Adds a fault that only the caller can see. */
  void add(String name, String type, String message, @Nullable String value) {
    String shown =
        value == null ? null : value.length() > 200 ? value.substring(0, 200) + "…" : value;
    String sentence = shown == null ? message : message + "; is " + shown;
    faults.add(new Fault("query", name, type, sentence, shown));
  }

  /** Refuses the request where there are faults. */
  void check() {
    if (!faults.isEmpty()) {
      throw new RefusedException(Validation.of(faults));
    }
  }
}
