package dev.tocsin.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.triggers.DerivedId;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.EventLimits;
import dev.tocsin.triggers.Payload;
import dev.tocsin.wire.EventReader.BatchResult;
import dev.tocsin.wire.EventReader.Result;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EventReaderTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final EventReader NETWORK = EventReader.overNetwork(EventLimits.DEFAULT);
  private static final String RESOURCE = "{\"prefect.resource.id\":\"r\"}";

  @Test
  void anUnknownFieldThatLooksLikeAKnownOneIsAWarning() {
    String json =
        event("")
            .replaceFirst(
                "\\{",
                "{\"Payload\":1,\"folows\":2,\"colour\":3,\"x\":4,\"received\":null,"
                    + "\"resources-of-another-kind\":5,");
    byte[] bytes = utf8(json);
    assertThat(((Result.ValidEvent) NETWORK.read(bytes, 0, bytes.length, NOW)).warnings())
        .extracting(Problem::toString)
        .containsExactly(
            "$.Payload  warning: Unknown field, ignored; did you mean payload?",
            "$.folows  warning: Unknown field, ignored; did you mean follows?");
  }

  @Test
  void everyFieldIsRead() {
    Event event =
        read(
            """
            {"occurred": "2026-11-23T11:44:46.332096Z", "event": "acme.order.shipped",
             "resource": {"prefect.resource.id": "order.1", "städte": "Köln \\u00e9 😀"},
             "related": [{"prefect.resource.id": "c.1", "prefect.resource.role": "customer"}],
             "payload": {"a": [1, {"b": null}], "n": 12345678901234567890.5e-7},
             "id": "e-1", "follows": "e-0", "received": "2001-01-01T00:00:00Z", "unknown": [{}]}\
            """);
    assertThat(event.id()).isEqualTo("e-1");
    assertThat(event.occurred()).isEqualTo("2026-11-23T11:44:46.332096Z");
    assertThat(event.name()).isEqualTo("acme.order.shipped");
    assertThat(event.resource().id()).isEqualTo("order.1");
    assertThat(event.resource().labels().get("städte")).isEqualTo("Köln é 😀");
    assertThat(event.related()).singleElement().matches(r -> r.role().equals("customer"));
    assertThat(event.payload())
        .hasToString("{\"a\": [1, {\"b\": null}], \"n\": 12345678901234567890.5e-7}");
    assertThat(event.follows()).isEqualTo("e-0");
    assertThat(event.received()).isEqualTo(NOW);
    assertThat(event.causation()).isNull();
  }

  @Test
  void whatIsNotSaidIsEmpty() {
    Event event = read(event("\"follows\":null,\"payload\":null"));
    assertThat(event.related()).isEmpty();
    assertThat(event.payload()).isEqualTo(Payload.EMPTY);
    assertThat(event.follows()).isNull();
    assertThat(read(event("\"payload\":{}")).payload()).isSameAs(Payload.EMPTY);
  }

  @Test
  void aPayloadKeepsItsBytesAndFitsALine() {
    String payload = "{\r\n \"text\" : \"a\\nb\",\n\t\"deep\":" + nested(248) + "}";
    Event event = read(event("\"payload\":" + payload));
    assertThat(event.payload()).hasToString(payload.replace('\n', ' ').replace('\r', ' '));
  }

  @Test
  void aRecordedEventComesBackAsItWas() {
    Event event =
        read(event("\"payload\":{\"k\":\"v\"},\"related\":[],\"follows\":\"before\""))
            .receivedAt(NOW.minusSeconds(7));
    byte[] json = EventJson.write(event);
    assertThat(EventReader.recorded().read(json, 0, json.length, NOW))
        .isEqualTo(new Result.ValidEvent(event, List.of()));
  }

  @Test
  void aRecordedEventWithoutReceiptWasReceivedWhenItOccurredAndHasNoLimits() {
    String far =
        """
        {"id":"i","event":"e","occurred":"2099-01-01T00:00:00Z","resource":%s}\
        """
            .formatted(labels(600));
    byte[] json = utf8(far);
    assertThat(EventReader.recorded().read(json, 0, json.length, NOW))
        .isInstanceOfSatisfying(
            Result.ValidEvent.class,
            it -> assertThat(it.event().received()).isEqualTo("2099-01-01T00:00:00Z"));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-23t11:44:46z, 2026-11-23T11:44:46Z",
    "2026-11-23 11:44:46+00:00, 2026-11-23T11:44:46Z",
    "2026-11-23T13:14:46.5+01:30, 2026-11-23T11:44:46.500Z",
    "2026-11-22T23:44:46-12:00, 2026-11-23T11:44:46Z",
    "2026-11-23T11:44:46.123456999Z, 2026-11-23T11:44:46.123456Z",
    "1969-12-31T23:59:59.999999Z, 1969-12-31T23:59:59.999999Z",
    "0000-01-01T00:00:00Z, 0000-01-01T00:00:00Z",
    "2024-02-29T00:00:00-00:00, 2024-02-29T00:00:00Z",
    "2016-12-31T23:59:60.25Z, 2017-01-01T00:00:00.250Z",
    "2017-01-01T00:59:60+01:00, 2017-01-01T00:00:00Z",
  })
  void aTimeIsReadToTheMicrosecond(String written, String meant) {
    Event event = read(occurring(written));
    assertThat(event.occurred()).hasToString(meant);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2026-11-23T11:44:46 | no offset: Z or +hh:mm must end a time",
        "2026-11-23T11:44:46.5 | no offset: Z or +hh:mm must end a time",
        "2026-11-23T11:44:46 CET | no offset: Z or +hh:mm must follow, at character 20",
        "2026-11-23T11:44:46+0100 | ':' must stand before the minute of the offset",
        "2026-11-23T11:44:46+24:00 | hour of the offset must be 0 to 23, not 24",
        "2026-11-23T11:44:46Zulu | more text after the offset, at character 21",
        "2026-11-23 | date without a time",
        "2026-11-23_11:44:46Z | a T must stand between date and time",
        "10000-01-01T00:00:00Z | a year has four digits, 0000 to 9999",
        "9999-12-31T23:59:59-00:01 | in UTC it lies outside the years 0000 to 9999",
        "9999-12-31T23:59:60Z | in UTC it lies outside the years 0000 to 9999",
        "0000-01-01T00:00:00+00:01 | in UTC it lies outside the years 0000 to 9999",
        "2026-13-23T11:44:46Z | month must be 1 to 12, not 13",
        "2026-02-29T11:44:46Z | that month has no day 29",
        "2026-11-23T24:00:00Z | hour must be 0 to 23, not 24",
        "2026-11-23T11:44:61Z | second must be 0 to 60, not 61",
        "2026-11-23T11:44:60Z "
            + "| second 60 is a leap second, and those are at 23:59:60 UTC only",
        "2026-11-23T11:44:46.Z | a fraction of a second needs a digit after its point",
        "2026-11-23T1:44:46Z | hour must have 2 digits, at character 13",
        "yesterday | year must have 4 digits, at character 1",
        "'' | year must have 4 digits, at character 1",
        "２０２６-11-23T11:44:46Z | year must have 4 digits, at character 1",
      })
  void aTimeThatIsNoneIsRefused(String written, String reason) {
    assertThat(problems(occurring(written)))
        .containsExactly(
            Problem.error(
                new Place.InJson(List.of("occurred")),
                "value_error",
                "Not a time: " + reason,
                "a time is RFC 3339 with an offset, as in 2026-11-23T06:10:00Z",
                written));
  }

  @Test
  void theFutureIsBoundedAgainstTheClockGiven() {
    assertThat(read(occurring("2026-11-23T13:00:00Z")).occurred()).isEqualTo(NOW.plusSeconds(3600));
    assertThat(problems(occurring("2026-11-23T13:00:00.000001Z")))
        .containsExactly(
            Problem.error(
                new Place.InJson(List.of("occurred")),
                "value_error",
                "Lies more than 1h ahead of the clock here, which shows 2026-11-23T12:00:00Z",
                "at most max_future ahead of receipt",
                "2026-11-23T13:00:00.000001Z"));
  }

  static Stream<Arguments> badEvents() {
    String tooShort = "String should have at least 1 character";
    String unsound = "Text holds a NUL or a lone surrogate";
    String required = "Field required";
    return Stream.of(
        bad("5", "$", "dict_type", "Input should be a valid dictionary", "5"),
        bad("[]", "$", "dict_type", "Input should be a valid dictionary", "[]"),
        badField("id", "7", "$.id", "string_type", "Input should be a valid string", "7"),
        badField("id", "\"\"", "$.id", "string_too_short", tooShort, ""),
        badField(
            "id",
            quoted("😀".repeat(256)),
            "$.id",
            "string_too_long",
            "String should have at most 255 characters",
            "😀".repeat(199) + "…"),
        badField("id", "\"a\\u0000b\"", "$.id", "value_error", unsound, "a\\u0000b"),
        badField("event", "\"\\ud800\"", "$.event", "value_error", unsound, "\\ud800"),
        badField(
            "event", "null", "$.event", "string_type", "Input should be a valid string", "null"),
        badField(
            "event",
            quoted("e".repeat(1025)),
            "$.event",
            "string_too_long",
            "String should have at most 1024 characters",
            "e".repeat(199) + "…"),
        badField(
            "occurred",
            "1763890000",
            "$.occurred",
            "string_type",
            "Input should be a valid string",
            "1763890000"),
        badField(
            "resource",
            "\"r\"",
            "$.resource",
            "dict_type",
            "Input should be a valid dictionary",
            "\"r\""),
        badField(
            "resource",
            "null",
            "$.resource",
            "dict_type",
            "Input should be a valid dictionary",
            "null"),
        badField(
            "resource", "{}", "$.resource[\"prefect.resource.id\"]", "missing", required, "{}"),
        badField(
            "resource",
            "{\"prefect.resource.id\":\"\"}",
            "$.resource[\"prefect.resource.id\"]",
            "string_too_short",
            tooShort,
            ""),
        badField(
            "resource",
            "{\"prefect.resource.id\":\"r\",\"n\":{\"a\":[1, 2]}}",
            "$.resource.n",
            "string_type",
            "Input should be a valid string",
            "{\"a\":[1, 2]}"),
        badField(
            "resource",
            "{\"prefect.resource.id\":\"r\",\"n\":\"\\udc00\"}",
            "$.resource.n",
            "value_error",
            unsound,
            "\\udc00"),
        badField(
            "resource",
            "{\"prefect.resource.id\":\"r\",\"\\u0000\":\"v\"}",
            "$.resource[\"\\\\u0000\"]",
            "value_error",
            unsound,
            "\\u0000"),
        badField(
            "resource",
            "{\"prefect.resource.id\":\"r\",\"a\":\"1\",\"a\":\"1\"}",
            "$.resource.a",
            "value_error",
            "Duplicate key",
            "a"),
        badField(
            "resource", labels(501), "$.resource", "value_error", "Resource has 501 labels", null),
        badField(
            "related", "null", "$.related", "list_type", "Input should be a valid list", "null"),
        badField("related", "{}", "$.related", "list_type", "Input should be a valid list", "{}"),
        badField(
            "related",
            "[" + RESOURCE + "]",
            "$.related[0][\"prefect.resource.role\"]",
            "missing",
            required,
            RESOURCE),
        badField(
            "related",
            "[[]]",
            "$.related[0]",
            "dict_type",
            "Input should be a valid dictionary",
            "[]"),
        badField(
            "related",
            related(101),
            "$.related",
            "value_error",
            "Event has 101 related resources",
            null),
        badField(
            "payload",
            "[1]",
            "$.payload",
            "dict_type",
            "Input should be a valid dictionary",
            "[1]"),
        badField(
            "payload",
            "\"x\"",
            "$.payload",
            "dict_type",
            "Input should be a valid dictionary",
            "\"x\""),
        badField(
            "payload",
            "{\"a\":[{\"k\":1,\"k\":2}]}",
            "$.payload.a[0].k",
            "value_error",
            "Duplicate key",
            "k"),
        badField(
            "payload",
            "{\"a\":" + nested(250) + "}",
            "$.payload",
            "value_error",
            "Nested more than 250 levels deep",
            null),
        badField(
            "payload",
            "{\"a\":" + nested(10_000) + "}",
            "$.payload",
            "value_error",
            "Nested more than 250 levels deep",
            null),
        badField(
            "other",
            nested(10_000),
            "$.other",
            "value_error",
            "Nested more than 250 levels deep",
            null),
        badField(
            "payload",
            "{\"a\":" + quoted("x".repeat(1_500_000)) + "}",
            "$",
            "value_error",
            "Event has 1500114 bytes",
            null),
        badField("follows", "1", "$.follows", "string_type", "Input should be a valid string", "1"),
        badField("follows", "\"\"", "$.follows", "string_too_short", tooShort, ""),
        bad(event("\"id\":\"again\""), "$.id", "value_error", "Duplicate key", "id"));
  }

  @ParameterizedTest
  @MethodSource("badEvents")
  void aBadEventIsRefusedWithPlaceRuleAndValue(
      String json, String path, String type, String message, @Nullable String value) {
    assertThat(problems(json))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.path()).isEqualTo(path);
              assertThat(problem.type()).isEqualTo(type);
              assertThat(problem.message()).isEqualTo(message);
              assertThat(problem.value()).isEqualTo(value);
            });
  }

  static Stream<Arguments> badJson() {
    return Stream.of(
        Arguments.of("", 0, "Not JSON: there is nothing"),
        Arguments.of(" \n ", 0, "Not JSON: there is nothing"),
        Arguments.of("{", 1, "Not JSON, line 1, column 2 (byte 1): it ends too early"),
        Arguments.of(
            "{\n \"id\": 'x'}",
            9,
            "Not JSON, line 2, column 8 (byte 9): Unexpected character (''' (code 39)): expected a"
                + " valid value (JSON String, Number, Array, Object or token"
                + " 'null', 'true' or 'false')"),
        Arguments.of(
            "{\"id\":NaN}", 9, "Not JSON, line 1, column 10 (byte 9): Non-standard token 'NaN'"),
        Arguments.of(
            "{\"payload\":{\"a\":[1}}",
            18,
            "Not JSON, line 1, column 19 (byte 18): Unexpected close marker '}': expected ']'"),
        Arguments.of(
            "// x",
            0,
            "Not JSON, line 1, column 1 (byte 0): Unexpected character ('/' (code 47)): maybe a"
                + " (non-standard) comment?"),
        Arguments.of("{}{}", 2, "Not JSON, byte 2: more after the end of the JSON"),
        Arguments.of(
            "{\"payload\":{\"n\":" + "9".repeat(1001) + "}}",
            1017,
            "Not JSON, line 1, column 1018 (byte 1017): Number value length (1001) exceeds the"
                + " maximum allowed (1000)"));
  }

  @ParameterizedTest
  @MethodSource("badJson")
  void whatIsNotJsonIsRefusedWithItsPlace(String json, int at, String message) {
    List<Problem> problems = problems(json);
    Problem last = problems.getLast();
    assertThat(last.message()).isEqualTo(message);
    assertThat(last.place()).isEqualTo(new Place.AtByte(at));
    assertThat(last.type()).isEqualTo("json_invalid");
  }

  @ParameterizedTest
  @CsvSource({
    "c3, 14",
    "80, 14",
    "c0af, 14",
    "eda080, 14",
    "f4908080, 14",
    "f8, 14",
    "e282, 14",
    "61ff, 15"
  })
  void bytesThatAreNotUtf8AreRefusedWhereverTheyStand(String hex, int at) {
    byte[] bad = HexFormat.of().parseHex(hex);
    byte[] json = utf8("{\"payload\":{\"" + "?".repeat(bad.length) + "\":1}}");
    System.arraycopy(bad, 0, json, 13, bad.length);
    int fault = at - 1;
    assertThat(NETWORK.read(json, 0, json.length, NOW))
        .isEqualTo(
            new Result.InvalidEvent(
                List.of(
                    Problem.error(
                        new Place.AtByte(fault),
                        "json_invalid",
                        "Not UTF-8: byte 0x%02x at byte %d".formatted(json[fault] & 0xff, fault),
                        "JSON is UTF-8 (RFC 8259)",
                        null))));
  }

  @Test
  void otherEncodingsAreRefusedAndAByteOrderMarkIsPassedOver() {
    byte[] wide = event("").getBytes(StandardCharsets.UTF_16LE);
    assertThat(NETWORK.read(wide, 0, wide.length, NOW))
        .isInstanceOfSatisfying(
            Result.InvalidEvent.class,
            it ->
                assertThat(it.problems())
                    .extracting(Problem::message)
                    .containsExactly("Not UTF-8: byte 0x00 at byte 1"));
    assertThat(read("\ufeff" + event("\"payload\":{\"a\":1}")).payload()).hasToString("{\"a\":1}");
  }

  @Test
  void anEventIsReadFromTheMiddleOfABuffer() {
    String before = "{\"x\":1}\n\ufeff";
    byte[] line = utf8(event("\"payload\":{\"ü\":\"€\"}"));
    byte[] buffer = utf8(before + new String(line, StandardCharsets.UTF_8) + "\n]garbage");
    Result result = NETWORK.read(buffer, utf8(before).length - 3, line.length + 4, NOW);
    assertThat(result)
        .isInstanceOfSatisfying(
            Result.ValidEvent.class,
            it -> assertThat(it.event().payload()).hasToString("{\"ü\":\"€\"}"));
  }

  @Test
  void allProblemsOfAllEventsAreReportedAtOnce() {
    String body =
        """
        [%s, 5, {"id": "", "event": "e", "occurred": "now", "resource": {"a": 1}},
         {"event": "e", "related": [{}]}]\
        """
            .formatted(event(""));
    assertThat(batchProblems(body))
        .extracting(Problem::path)
        .containsExactly(
            "$[1]",
            "$[2].id",
            "$[2].occurred",
            "$[2].resource.a",
            "$[2].resource[\"prefect.resource.id\"]",
            "$[3].related[0][\"prefect.resource.id\"]",
            "$[3].related[0][\"prefect.resource.role\"]",
            "$[3].id",
            "$[3].occurred",
            "$[3].resource");
  }

  @Test
  void theHundredAndFirstProblemEndsTheReading() {
    List<Problem> problems = batchProblems("[" + "1,".repeat(150) + "not JSON");
    assertThat(problems).hasSize(101);
    assertThat(problems.get(99).place()).isEqualTo(new Place.InJson(List.of(99)));
    assertThat(problems.getLast())
        .isEqualTo(
            Problem.error(
                new Place.InJson(List.of()),
                "value_error",
                "and more; the reading ended after 100 problems",
                null,
                null));
    assertThat(batchProblems("[" + "1,".repeat(99) + "1]")).hasSize(100);
    assertThat(batchProblems("[" + "1,".repeat(100) + "not JSON")).hasSize(101);
  }

  @Test
  void theEventThatIsTooManyEndsTheReading() {
    String two = "[" + event("") + "," + event("");
    assertThat(NETWORK.readBatch(utf8(two + ", not JSON"), NOW, 1))
        .isEqualTo(new BatchResult.TooMany(1));
    assertThat(NETWORK.readBatch(utf8(two + "]"), NOW, 2))
        .isInstanceOf(BatchResult.ValidEvents.class);
    assertThat(NETWORK.readBatch(utf8("[1,2,3"), NOW, 2)).isEqualTo(new BatchResult.TooMany(2));
  }

  @Test
  void aBatchIsAListOrOneEvent() {
    assertThat(NETWORK.readBatch(utf8("[]"), NOW, 10_000))
        .isEqualTo(new BatchResult.ValidEvents(List.of(), List.of()));
    assertThat(NETWORK.readBatch(utf8(event("")), NOW, 10_000))
        .isEqualTo(new BatchResult.ValidEvents(List.of(read(event(""))), List.of()));
    String two =
        "[%s,%s]".formatted(event("\"payload\":{\"a\":1}"), event("\"payload\":{\"b\":2}"));
    assertThat(NETWORK.readBatch(utf8(two), NOW, 10_000))
        .isInstanceOfSatisfying(
            BatchResult.ValidEvents.class,
            it ->
                assertThat(it.events())
                    .extracting(event -> event.payload().toString())
                    .containsExactly("{\"a\":1}", "{\"b\":2}"));
    assertThat(batchProblems("\"x\""))
        .containsExactly(
            Problem.error(
                new Place.InJson(List.of()),
                "list_type",
                "Input should be a valid list of events, or one event",
                null,
                "\"x\""));
  }

  @Test
  void anIdInTheFormOfOwnEventsIsRefusedFromSendersAndReadFromRecordings() {
    String derived = DerivedId.of("state-change", "f-1");
    byte[] json = utf8(event("").replaceFirst("\"id\":\"[^\"]*\"", "\"id\":\"" + derived + "\""));
    assertThat(EventReader.overNetwork(EventLimits.DEFAULT).read(json, 0, json.length, NOW))
        .isInstanceOfSatisfying(
            Result.InvalidEvent.class,
            it ->
                assertThat(it.problems())
                    .extracting(Problem::toString)
                    .containsExactly(
                        "$.id  Id has the form that is reserved for events of the engine; any id"
                            + " except a UUID of version 8; is "
                            + derived));
    for (EventReader reader :
        List.of(EventReader.recorded(), EventReader.withReceipt(EventLimits.DEFAULT))) {
      assertThat(reader.read(json, 0, json.length, NOW)).isInstanceOf(Result.ValidEvent.class);
    }
    for (String other :
        List.of(
            UUID.randomUUID().toString(),
            derived.toUpperCase(Locale.ROOT),
            derived + "x",
            derived.replace('-', '.'))) {
      assertThat(DerivedId.isDerived(other)).as(other).isFalse();
    }
  }

  @Test
  void limitsAreThoseGiven() {
    EventReader strict = EventReader.overNetwork(new EventLimits(2, 1, 200, Duration.ZERO));
    byte[] json =
        utf8(
            event(
                "\"related\":"
                    + "["
                    + labels(3)
                    + ",0]"
                    + ",\"payload\":{\"a\":"
                    + quoted("x".repeat(99))
                    + "}"));
    assertThat(strict.read(json, 0, json.length, NOW))
        .isInstanceOfSatisfying(
            Result.InvalidEvent.class,
            it ->
                assertThat(it.problems())
                    .extracting(Problem::toString)
                    .containsExactly(
                        "$.related[0]  Resource has 3 labels; at most 2 labels a resource",
                        "$.related[0][\"prefect.resource.role\"]  Field required",
                        "$.related  Event has 2 related resources; at most 1 related resources an"
                            + " event",
                        "$  Event has " + json.length + " bytes; at most 200 bytes an event"));
  }

  private static Arguments bad(
      String json, String path, String type, String message, @Nullable String value) {
    return Arguments.of(json, path, type, message, value);
  }

  /** An event that is sound but for this field. */
  private static Arguments badField(
      String field, String json, String path, String type, String message, @Nullable String value) {
    String event =
        Stream.of(
                "id:\"i\"",
                "occurred:\"2026-11-23T11:00:00Z\"",
                "event:\"e\"",
                "resource:" + RESOURCE)
            .filter(part -> !part.startsWith(field + ":"))
            .map(part -> "\"" + part.replaceFirst(":", "\":"))
            .collect(Collectors.joining(",", "{", ",\"" + field + "\":" + json + "}"));
    return Arguments.of(event, path, type, message, value);
  }

  private static String event(String more) {
    return """
    {"id":"i","event":"e","occurred":"2026-11-23T11:00:00Z","resource":%s%s%s}\
    """
        .formatted(RESOURCE, more.isEmpty() ? "" : ",", more);
  }

  private static String occurring(String time) {
    return """
    {"id":"i","event":"e","occurred":"%s","resource":%s}\
    """
        .formatted(time, RESOURCE);
  }

  private static String labels(int count) {
    return IntStream.range(1, count)
        .mapToObj(i -> "\"l" + i + "\":\"v\"")
        .collect(Collectors.joining(",", "{\"prefect.resource.id\":\"r\",", "}"));
  }

  private static String related(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{\"prefect.resource.id\":\"r\",\"prefect.resource.role\":\"x\"}")
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String nested(int levels) {
    return "[".repeat(levels) + "]".repeat(levels);
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }

  private static Event read(String json) {
    byte[] bytes = utf8(json);
    return switch (NETWORK.read(bytes, 0, bytes.length, NOW)) {
      case Result.ValidEvent it -> it.event();
      case Result.InvalidEvent it -> throw new AssertionError(it.problems().toString());
    };
  }

  private static List<Problem> problems(String json) {
    byte[] bytes = utf8(json);
    return switch (NETWORK.read(bytes, 0, bytes.length, NOW)) {
      case Result.ValidEvent it -> throw new AssertionError("was read: " + it.event());
      case Result.InvalidEvent it -> it.problems();
    };
  }

  private static List<Problem> batchProblems(String json) {
    return switch (NETWORK.readBatch(utf8(json), NOW, 10_000)) {
      case BatchResult.ValidEvents it -> throw new AssertionError("was read: " + it.events());
      case BatchResult.InvalidEvents it -> it.problems();
      case BatchResult.TooMany it -> throw new AssertionError(it.toString());
    };
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
