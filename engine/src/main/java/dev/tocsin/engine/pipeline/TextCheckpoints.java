package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.store.Store;
import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.runtime.Checkpoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads checkpoints as version 1 of the store kept them: a text for each key. */
final class TextCheckpoints {

  private static final String SWITCHES = "switches";
  private static final String OWNERS = "owners";
  private static final String EVALUATED = "evaluated";
  private static final String WAITING = "waiting";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final List<Checkpoint.Switch> switches = new ArrayList<>();
  private final List<Checkpoint.Owner> owners = new ArrayList<>();
  private final List<Checkpoint.KeyText> keys = new ArrayList<>();
  private final List<Checkpoint.Evaluated> evaluated = new ArrayList<>();
  private final List<Checkpoint.Waiting> waiting = new ArrayList<>();
  private final Store store;

  private TextCheckpoints(Store store) {
    this.store = store;
  }

  /** All state of a checkpoint; the store has the events that wait. */
  static Checkpoint read(Store.TextCheckpoint text, Store store) {
    TextCheckpoints read = new TextCheckpoints(store);
    text.parts().forEach(read::add);
    return new Checkpoint(
        text.clock(),
        true,
        0,
        0,
        read.switches,
        read.owners,
        read.waiting,
        List.of(),
        Checkpoint.pagesOfVersion1(read.keys, read.evaluated));
  }

  private void add(Store.TextCheckpoint.Part part) {
    String[] fields = part.state().split(",", -1);
    switch (part.owner()) {
      case SWITCHES ->
          switches.add(
              new Checkpoint.Switch(
                  part.key(), Boolean.parseBoolean(fields[0]), Boolean.parseBoolean(fields[1])));
      case OWNERS ->
          owners.add(new Checkpoint.Owner(part.key(), fields[1], Boolean.parseBoolean(fields[0])));
      case EVALUATED -> {
        List<String> idsAndClocks = texts(part.state());
        for (int i = 0; i < idsAndClocks.size(); i += 2) {
          evaluated.add(
              new Checkpoint.Evaluated(
                  idsAndClocks.get(i), Instant.parse(idsAndClocks.get(i + 1))));
        }
      }
      case WAITING -> {
        Event event = store.event(part.key());
        if (event != null) {
          waiting.add(new Checkpoint.Waiting(event, Instant.parse(part.state())));
        }
      }
      default ->
          keys.add(
              new Checkpoint.KeyText(
                  part.owner(), new BucketingKey(texts(part.key())), part.state()));
    }
  }

  private static List<String> texts(String json) {
    List<String> texts = new ArrayList<>();
    for (JsonNode text : MAPPER.readTree(json)) {
      texts.add(text.asString());
    }
    return texts;
  }
}
