package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.store.DecisionSettings;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.runtime.Checkpoint;
import dev.tocsin.triggers.runtime.StatePage;
import dev.tocsin.wire.Rfc3339;
import dev.tocsin.wire.StoredJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The part of trigger state that each checkpoint writes as a whole, as JSON, since it is small: all
 * but its pages.
 *
 * @param checkpoint with no pages, as it is read; with its own, as it is written
 * @param settings in force then
 * @param stored how many rows of the pages belong to it, outdated ones included
 */
record CheckpointHead(Checkpoint checkpoint, DecisionSettings settings, long stored) {

  private static final JsonMapper MAPPER = StoredJson.reader();

  String json() {
    ObjectNode head = MAPPER.createObjectNode();
    head.put("live", checkpoint.live());
    head.put("stored", stored);
    head.set("settings", settings.json());
    ArrayNode switches = head.putArray("switches");
    for (Checkpoint.Switch flip : checkpoint.switches()) {
      switches.addArray().add(flip.automation()).add(flip.declared()).add(flip.active());
    }
    ArrayNode owners = head.putArray("owners");
    for (Checkpoint.Owner owner : checkpoint.owners()) {
      owners.addArray().add(owner.automation()).add(owner.meaning()).add(owner.active());
    }
    ArrayNode waiting = head.putArray("waiting");
    for (Checkpoint.HeldEvent held : checkpoint.waiting()) {
      waiting.addArray().add(held.event().id()).add(held.received().toString());
    }
    ArrayNode blind = head.putArray("blind");
    for (Checkpoint.BlindRange interval : checkpoint.blind()) {
      blind.addArray().add(interval.from().toString()).add(interval.until().toString());
    }
    return head.toString();
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @param events finds an event by its id
   */
  static CheckpointHead read(Instant clock, String json, Function<String, @Nullable Event> events) {
    JsonNode head = MAPPER.readTree(json);
    List<Checkpoint.Switch> switches = new ArrayList<>();
    for (JsonNode flip : head.path("switches")) {
      switches.add(
          new Checkpoint.Switch(text(flip, 0), flip.path(1).asBoolean(), flip.path(2).asBoolean()));
    }
    List<Checkpoint.Owner> owners = new ArrayList<>();
    for (JsonNode owner : head.path("owners")) {
      owners.add(new Checkpoint.Owner(text(owner, 0), text(owner, 1), owner.path(2).asBoolean()));
    }
    List<Checkpoint.HeldEvent> waiting = new ArrayList<>();
    for (JsonNode held : head.path("waiting")) {
      Event event = events.apply(text(held, 0));
      if (event != null) {
        waiting.add(new Checkpoint.HeldEvent(event, Rfc3339.parse(text(held, 1))));
      }
    }
    List<Checkpoint.BlindRange> blind = new ArrayList<>();
    for (JsonNode interval : head.path("blind")) {
      blind.add(
          new Checkpoint.BlindRange(
              Rfc3339.parse(text(interval, 0)), Rfc3339.parse(text(interval, 1))));
    }
    DecisionSettings settings = DecisionSettings.read(head.required("settings"));
    long stored = head.path("stored").asLong();
    return new CheckpointHead(
        new Checkpoint(
            clock,
            true,
            stored,
            head.path("live").asLong(),
            switches,
            owners,
            waiting,
            blind,
            settings.maxStateBytes(),
            List.<StatePage>of()),
        settings,
        stored);
  }

  private static String text(JsonNode array, int index) {
    return array.path(index).asString();
  }
}
