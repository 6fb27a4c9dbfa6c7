package dev.tocsin.engine.store;

import dev.tocsin.engine.store.JournalEntry.BlindEntry;
import dev.tocsin.engine.store.JournalEntry.ClockSetBackEntry;
import dev.tocsin.engine.store.JournalEntry.DeclaredAutomation;
import dev.tocsin.engine.store.JournalEntry.DeclaredEntry;
import dev.tocsin.engine.store.JournalEntry.EventEntry;
import dev.tocsin.engine.store.JournalEntry.PauseEntry;
import dev.tocsin.engine.store.JournalEntry.SettingsEntry;
import dev.tocsin.engine.store.JournalEntry.TickEntry;
import dev.tocsin.wire.Rfc3339;
import dev.tocsin.wire.StoredJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Journal entries other than events as stored: a kind and a JSON object. Entries are deconstructed,
 * so that a new component breaks the build here.
 */
final class EntryCodec {

  /** Kind of an event, whose body is that of {@link dev.tocsin.wire.EventJson}. */
  static final int EVENT = 0;

  private static final int TICK = 1;
  private static final int PAUSE = 2;
  private static final int BLIND = 3;
  static final int DECLARED = 4;
  private static final int CLOCK_SET_BACK = 6;
  private static final int SETTINGS = 5;

  private static final JsonMapper MAPPER = StoredJson.reader();

  private EntryCodec() {}

  /**
   * An entry as a row.
   *
   * @param subject what it is about; of each kind and subject retention keeps the latest entry.
   *     Null for an entry that is dropped with its segment
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
  record Encoded(int kind, @Nullable String subject, byte[] body) {}

  /** For any entry other than an event. */
  static Encoded encode(JournalEntry entry) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    return switch (entry) {
      case EventEntry(long _, var _) ->
          throw new IllegalArgumentException("an event has a row of its own");
      case TickEntry(long _, Instant _) -> encoded(TICK, null, body);
      case PauseEntry(long _, Instant _, String automation, boolean paused) ->
          encoded(PAUSE, automation, body.put("paused", paused));
      case BlindEntry(long _, Instant _, Instant from, Instant until, String cause) ->
          encoded(
              BLIND,
              null,
              body.put("from", from.toString()).put("until", until.toString()).put("cause", cause));
      case ClockSetBackEntry(long _, Instant _, Instant before, Instant host) ->
          encoded(
              CLOCK_SET_BACK,
              null,
              body.put("before", before.toString()).put("host", host.toString()));
      case SettingsEntry(long _, Instant _, DecisionSettings settings) ->
          encoded(SETTINGS, "engine", settings.json());
      case DeclaredEntry(
              long _,
              Instant _,
              String origin,
              List<DeclaredAutomation> automations,
              String by) -> {
        body.put("by", by);
        ArrayNode array = body.putArray("automations");
        for (DeclaredAutomation automation : automations) {
          array.add(encode(automation));
        }
        yield encoded(DECLARED, origin, body);
      }
    };
  }

  private static ObjectNode encode(DeclaredAutomation automation) {
    return switch (automation) {
      case DeclaredAutomation(String id, String fingerprint) ->
          JsonNodeFactory.instance.objectNode().put("id", id).put("fingerprint", fingerprint);
    };
  }

  private static Encoded encoded(int kind, @Nullable String subject, ObjectNode body) {
    return new Encoded(kind, subject, MAPPER.writeValueAsBytes(body));
  }

  /**
   * The entry of a row that is not an event.
   *
   * @throws RuntimeException if it cannot be read
   */
  static JournalEntry decode(
      int kind, long sequence, Instant received, @Nullable String subject, byte[] bytes) {
    JsonNode body = MAPPER.readTree(bytes);
    return switch (kind) {
      case TICK -> new TickEntry(sequence, received);
      case PAUSE ->
          new PauseEntry(sequence, received, text(subject), body.required("paused").booleanValue());
      case BLIND ->
          new BlindEntry(
              sequence,
              received,
              Rfc3339.parse(body.required("from").stringValue()),
              Rfc3339.parse(body.required("until").stringValue()),
              body.required("cause").stringValue());
      case CLOCK_SET_BACK ->
          new ClockSetBackEntry(
              sequence,
              received,
              Rfc3339.parse(body.required("before").stringValue()),
              Rfc3339.parse(body.required("host").stringValue()));
      case SETTINGS -> new SettingsEntry(sequence, received, DecisionSettings.read(body));
      case DECLARED ->
          new DeclaredEntry(
              sequence,
              received,
              text(subject),
              automations(body.required("automations")),
              body.required("by").stringValue());
      default -> throw new IllegalArgumentException("unknown kind " + kind);
    };
  }

  private static String text(@Nullable String subject) {
    if (subject == null) {
      throw new IllegalArgumentException("it has no subject");
    }
    return subject;
  }

  private static List<DeclaredAutomation> automations(JsonNode array) {
    List<DeclaredAutomation> automations = new ArrayList<>();
    for (JsonNode each : array) {
      automations.add(
          new DeclaredAutomation(
              each.required("id").stringValue(), each.required("fingerprint").stringValue()));
    }
    return automations;
  }
}
