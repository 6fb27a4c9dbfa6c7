package dev.tocsin.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.triggers.Condition;
import dev.tocsin.triggers.Condition.Truth;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.Payload;
import dev.tocsin.triggers.RelatedResource;
import dev.tocsin.triggers.Resource;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code where} says of an event. */
final class CelConditionTest {

  private static final String PAYLOAD =
      """
      {"amount": 500, "ratio": 2.5, "big": 9007199254740993, "huge": 123456789012345678901234567890,
       "text": "order", "nothing": null, "yes": true, "items": [{"sku": "a", "n": 1}, {"sku": "b", "n": 2}],
       "numbers": [%s]}
      """
          .formatted("1,".repeat(299) + "1");

  private static final Event EVENT = event(PAYLOAD);

  private static Event event(String payload) {
    return new Event(
        "e-1",
        Instant.parse("2026-01-01T03:00:00.25Z"),
        "shop.order.placed",
        Resource.of("prefect.resource.id", "shop.order.1", "tier", "gold"),
        List.of(
            RelatedResource.of("prefect.resource.id", "c-1", "prefect.resource.role", "customer")),
        Payload.ofJson(payload),
        null,
        Instant.parse("2026-01-01T03:00:01Z"),
        null);
  }

  private static Condition where(String expression) {
    String yaml = "name: x\ntrigger:\n  where: |-\n    " + expression;
    EventTrigger trigger = (EventTrigger) Resources.automation(yaml).trigger();
    return Objects.requireNonNull(trigger.where());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "event.event == 'shop.order.placed'",
        "event.event.startsWith('shop.') && event.resource['tier'] == 'gold'",
        "event.resource.tier in ['gold', 'platinum']",
        "event.related.exists(r, r['prefect.resource.role'] == 'customer')",
        "event.payload.amount > 499 && event.payload.amount < 500.5",
        "event.payload.amount == 500 && event.payload.amount % 7 == 3",
        "event.payload.ratio == 2.5 && event.payload.ratio > 2",
        "event.payload.big == 9007199254740993",
        "event.payload.huge > 1e29",
        "event.payload.items.map(i, i.n) == [1, 2]",
        "event.payload.items.filter(i, i.sku == 'b').size() == 1",
        "event.payload.nothing == null && has(event.payload.nothing)",
        "!has(event.payload.missing)",
        "event.payload.yes",
        "event.follows == null && event.id == 'e-1'",
        "timestamp(event.occurred).getHours() == 3",
        "timestamp(event.received) - timestamp(event.occurred) == duration('750ms')",
        "event.payload.text.matches('^ord.r$')",
        "event.payload.text + '!' == 'order!'",
        "event.payload.missing == 1 || true",
        "[1, 2].map(x, x + 1) + [4] == [2, 3, 4] && [4] + [1].map(x, x) == [4, 1]",
        "[[1], [2]].map(l, l + l) == [[1, 1], [2, 2]]",
        "[1].map(x, [x] + [2].map(y, y)).map(l, l.size()) == [2]",
        "'an order of a hundred and one things'.contains('a hundred and one things')",
        "!'aaaaaaaaaaaaaaaaaaaaaaaaaaaab'.contains('aaaaaaaaaaaaaaaaaaaab' + 'b')",
        "'aabaabaabaabaabaabaabaaab'.contains('aabaabaabaabaabaaab')",
        "size(event) == 8 && 'payload' in event",
      })
  void holds(String expression) {
    assertThat(where(expression).test(EVENT)).isEqualTo(new Truth.Holds());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "event.event == 'other'",
        "event.payload.amount > 500",
        "event.payload.text.matches('^x')",
        "event.payload.missing == 1 && false",
      })
  void fails(String expression) {
    assertThat(where(expression).test(EVENT)).isEqualTo(new Truth.Fails());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          event.payload.missing > 1          | key 'missing' is not present
          event.nothing == 1                 | key 'nothing' is not present
          event.payload.amount / 0 == 1      | / by zero
          event.payload.text > 5             | No matching overload
          event.payload.text                 | returned text, not true or false
          event.payload.items                | returned a list, not true or false
          event.payload.text.matches(event.payload.text + '(')    | invalid regular expression
          timestamp(event.id).getHours() > 1 | at character 10: Text 'e-1' could not be parsed
          """)
  void isFaulty(String expression, String reason) {
    assertThat(where(expression).test(EVENT))
        .isInstanceOfSatisfying(
            Truth.Unevaluable.class, faulty -> assertThat(faulty.reason()).contains(reason));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          event.payload.numbers.all(x, event.payload.numbers.all(y, x == y))      | Iteration budget
          event.payload.text.matches(event.payload.text + '(((a{999}){999}){999})') | regular expression
          """)
  void isFaultyBeforeItTakesLong(String expression, String reason) {
    assertThat(where(expression).test(EVENT))
        .isInstanceOfSatisfying(
            Truth.Unevaluable.class, faulty -> assertThat(faulty.reason()).contains(reason));
  }

  /** By what it touches, not by its values: each of these took seconds, or all memory. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "event.payload.tags.exists(t, event.payload.text.contains(t))",
        "event.payload.tags.exists(t, event.payload.text.startsWith(event.payload.text + t))",
        "event.payload.tags.exists(t, event.payload.text == event.payload.text + t)",
        "event.payload.tags.exists(t, t in event.payload.tags && t == 'x')",
        "event.payload.tags.exists(t, event.payload != event.payload)",
        "event.payload.tags.exists(t, [event.payload] == [event.payload, t])",
        "event.payload.tags.exists(t, event.payload.part.matches('(a|b|c)*d'))",
        "event.payload.part.matches('(a?b?c?){100}d')",
        "event.payload.part.matches('(a?b?c?){300}' + event.id)",
        "event.payload.tags.exists(t, ''.matches('(a?b?c?){999}' + t))",
        "event.payload.tags.map(t, event.payload.text + t).size() > 9",
        "event.payload.tags.map(t, string(bytes(event.payload.text))).size() > 9",
        "event.payload.tags.map(t, event.payload.tags + [t]).size() > 9",
        "event.payload.tags.exists(t, event.payload.text.contains(t)) || true",
        "event.payload.tags.exists(t, event.payload.text.contains(t)) ? true : true",
      })
  void isFaultyIfItTouchesTooMuch(String expression) {
    Event large =
        event(
            "{\"text\": \"%s\", \"part\": \"%s\", \"tags\": [%s\"t\"]}"
                .formatted("a".repeat(900_000), "b".repeat(90_000), "\"zz\",".repeat(9_900)));

    assertThat(where(expression).test(large))
        .isInstanceOfSatisfying(
            Truth.Unevaluable.class,
            faulty ->
                assertThat(faulty.reason()).matches("at character \\d+: exceeds 1,000,000 steps"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e99999999999", "-1E-99999999999", "1.5e400"})
  void aNumberThatNobodyCanComputeWithMutesNothing(String number) {
    Event event = event("{\"odd\": [%s, %s], \"level\": 5}".formatted(number, "1".repeat(1_500)));

    assertThat(where("event.payload.level == 5 && event.payload.odd.size() == 2").test(event))
        .isEqualTo(new Truth.Holds());
  }

  @Test
  void aSearchTakesNoLongerForATextThatRepeats() {
    Event large =
        event(
            "{\"text\": \""
                + "a".repeat(1_000_000)
                + "\", \"half\": \""
                + "a".repeat(400_000)
                + "b\"}");

    assertThat(where("event.payload.text.contains(event.payload.half)").test(large))
        .isEqualTo(new Truth.Fails());
  }

  @ParameterizedTest
  @CsvSource({
    "[event.payload.xs], 'a list exceeds 1,000,000 items'",
    "[bytes(event.payload.text)], 'a byte string exceeds 2,000,000 bytes'",
  })
  void listsAndBytesDoNotGrowWithoutBound(String start, String reason) {
    String doubled = ".map(a, a + a)".repeat(40);
    Event event = event("{\"xs\": [1, 2, 3], \"text\": \"abc\"}");

    assertThat(where(start + doubled + ".size() > 1").test(event))
        .isInstanceOfSatisfying(
            Truth.Unevaluable.class, faulty -> assertThat(faulty.reason()).contains(reason));
  }

  @Test
  void textsDoNotGrowWithoutBound() {
    Event large = event("{\"text\": \"" + "a".repeat(1_000_000) + "\"}");

    assertThat(where("event.payload.text + event.payload.text == 'x'").test(large))
        .isEqualTo(new Truth.Fails());
    assertThat(
            where("event.payload.text + event.payload.text + event.payload.text == 'x'")
                .test(large))
        .isInstanceOf(Truth.Unevaluable.class);
    assertThat(where("event.payload.text.matches('b')").test(large))
        .isInstanceOf(Truth.Unevaluable.class);
  }

  @Test
  void aPayloadThatIsNotAskedForIsNotParsed() {
    Event broken = event("no JSON at all");

    assertThat(where("event.event != 'x'").test(broken)).isEqualTo(new Truth.Holds());
    assertThat(where("event.payload.x == 1").test(broken)).isInstanceOf(Truth.Unevaluable.class);
  }

  @Test
  void longAndDeepExpressionsAreRefused() {
    assertThat(
            Resources.problems("name: x\ntrigger: {where: '" + "true||".repeat(1_000) + "true'}"))
        .containsExactly("test.yaml:2:18  trigger.where  must have at most 4,096 characters");
    String deep = "(".repeat(1_000) + "true" + ")".repeat(1_000);
    assertThat(Resources.problems("name: x\ntrigger: {where: '" + deep + "'}"))
        .containsExactly(
            "test.yaml:2:18  trigger.where  at 1:1 of the expression: must be nested at most 64"
                + " levels deep");
  }

  @Test
  void conditionsOfOneTextAreEqual() {
    assertThat(where("event.event == 'a'")).isEqualTo(where("event.event == 'a'"));
    assertThat(where("event.event == 'a'")).isNotEqualTo(where("event.event == 'b'"));
  }
}
