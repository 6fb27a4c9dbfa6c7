package dev.tocsin.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.triggers.Causation;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.EventLimits;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodedEventTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private static Event read(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    EventReader reader = EventReader.overNetwork(EventLimits.DEFAULT);
    return ((EventReader.Result.ValidEvent) reader.read(bytes, 0, bytes.length, NOW)).event();
  }

  private static Event withPayload(String payload) {
    return read(
        """
        {"payload":%s,"id":"i","event":"e","occurred":"2026-11-23T12:00:00.1234567Z",
         "resource":{"prefect.resource.id":"r","städte":"Köln \\"😀\\" \\u0001"}}\
        """
            .formatted(payload));
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{ \t\"a\" :  [ ] }",
        "{\"n\":[1.50,1E+2,-0,-0.0,12345678901234567890.123456789,1e-400]}",
        "{\"s\":\"\\u00e9\\/\\ud83d\\ude00 😀 \\\" \\u0000\"}",
        "{\"z\":1,\"a\":2,\"received\":\"}\"}",
      })
  void thePayloadIsStoredByteByByte(String payload) {
    Event event = withPayload(payload);
    EncodedEvent encoded = EncodedEvent.of(event);
    assertThat(text(encoded.body())).contains(",\"payload\":" + payload + ",\"id\":\"i\"");
    assertThat(encoded.json()).isEqualTo(EventJson.write(event));
    EncodedEvent stored = EncodedEvent.read(encoded.body(), NOW, null);
    assertThat(stored.event()).isEqualTo(event);
    assertThat(stored.event().payload()).hasToString(payload);
  }

  @Test
  void aPayloadLargerThanAnyBufferIsStoredByteByByte() {
    String payload = "{\"text\":\"" + "ä\\u00e4😀".repeat(100_000) + "\"}";
    Event event = withPayload(payload);
    byte[] body = EncodedEvent.of(event).body();
    assertThat(text(body)).contains(",\"payload\":" + payload + ",");
    assertThat(EncodedEvent.read(body, NOW, null).event()).isEqualTo(event);
  }

  @Test
  void theStoredFormLeavesOutWhatIsUnknownAndTheReceipt() {
    Event event =
        read(
            """
            {"other":{"k":[1]},"received":"2001-01-01T00:00:00Z","follows":"f","id":"i",
             "related":[{"prefect.resource.role":"x","prefect.resource.id":"y"}],
             "event":"e","occurred":"2026-11-23T13:00:00.123456789+01:00",
             "resource":{"prefect.resource.id":"r"}}\
            """);
    assertThat(text(EncodedEvent.of(event).body()))
        .isEqualTo(
            """
            {"occurred":"2026-11-23T12:00:00.123456Z","event":"e",\
            "resource":{"prefect.resource.id":"r"},\
            "related":[{"prefect.resource.role":"x","prefect.resource.id":"y"}],\
            "payload":{},"id":"i","follows":"f"}\
            """);
  }

  @Test
  void aReceiptIsSplicedInAndChangesNoStoredByte() {
    EncodedEvent encoded = EncodedEvent.of(withPayload("{\"a\": 1}"));
    EncodedEvent later = encoded.receivedAt(NOW.plusSeconds(5));
    assertThat(later.body()).isSameAs(encoded.body());
    assertThat(later.event()).isEqualTo(encoded.event().receivedAt(NOW.plusSeconds(5)));
    assertThat(later).isNotEqualTo(encoded).isEqualTo(EncodedEvent.of(later.event()));
    assertThat(text(later.json()))
        .endsWith(",\"follows\":null,\"received\":\"2026-11-23T12:00:05Z\"}");
  }

  @Test
  void whatTheJournalKeepsBesideTheBodyComesBack() {
    byte[] body = EncodedEvent.of(withPayload("{}")).body();
    Causation causation = new Causation(2, "origin");
    Event event = EncodedEvent.read(body, NOW.minusSeconds(1), causation).event();
    assertThat(event.received()).isEqualTo(NOW.minusSeconds(1));
    assertThat(event.causation()).isEqualTo(causation);
    assertThat(EncodedEvent.read(body, null, null).event().received())
        .isEqualTo("2026-11-23T12:00:00.123456Z");
  }

  @Test
  void anEventThatIsNotToBeStoredHasNoBody() {
    Event event = withPayload("{}");
    assertThat(EncodedEvent.unstored(event).event()).isSameAs(event);
    assertThatThrownBy(() -> EncodedEvent.unstored(event).body())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("event i was not made to be stored");
  }

  @Test
  void aBodyThatIsNoEventIsRefusedWithItsProblems() {
    byte[] body = "{\"id\":\"i\"}".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> EncodedEvent.read(body, NOW, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("$.occurred  Field required");
  }
}
