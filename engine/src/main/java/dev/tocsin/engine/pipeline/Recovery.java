package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.store.Store;
import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.Checkpoint;
import dev.tocsin.triggers.Declaration;
import dev.tocsin.triggers.RuntimeSettings;
import dev.tocsin.triggers.TriggerRuntime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Trigger state after a restart: the last checkpoint, and the journal after it evaluated again.
 * What those entries fired was committed with them, so their firings are not looked at.
 */
final class Recovery {

  private static final int PAGE = 1_000;
  private static final String SWITCHES = "switches";
  private static final String OWNERS = "owners";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Recovery() {}

  /** The name of the event that says that a causal chain was cut; it never triggers anything. */
  static String loopDetected(String namespace) {
    return namespace + ".automation.loop.detected";
  }

  /** The runtime as it stood after the store's last entry. */
  static TriggerRuntime recover(
      Store store,
      List<Declaration> declarations,
      RuntimeSettings settings,
      String namespace,
      Instant now) {
    Store.Checkpoint checkpoint = store.checkpoint();
    TriggerRuntime runtime =
        checkpoint == null
            ? new TriggerRuntime(declarations, settings, firstReceipt(store, now))
            : TriggerRuntime.restore(declarations, settings, loaded(checkpoint));
    long after = checkpoint == null ? 0 : checkpoint.sequence();
    for (List<Store.JournalEntry> page = store.journal(after, PAGE);
        !page.isEmpty();
        page = store.journal(after, PAGE)) {
      for (Store.JournalEntry entry : page) {
        evaluateAgain(entry, runtime, loopDetected(namespace));
        after = entry.sequence();
      }
    }
    return runtime;
  }

  /** A checkpoint of the runtime as the store keeps it. */
  static Store.Checkpoint stored(long sequence, Checkpoint checkpoint) {
    List<Store.Checkpoint.Part> parts = new ArrayList<>();
    for (Checkpoint.Switch flip : checkpoint.switches()) {
      parts.add(
          new Store.Checkpoint.Part(
              SWITCHES, flip.automation(), flip.declared() + "," + flip.active()));
    }
    for (String owner : checkpoint.owners()) {
      parts.add(new Store.Checkpoint.Part(OWNERS, owner, ""));
    }
    for (Checkpoint.Key key : checkpoint.keys()) {
      parts.add(
          new Store.Checkpoint.Part(
              key.owner(), MAPPER.writeValueAsString(key.key().values()), key.state()));
    }
    return new Store.Checkpoint(sequence, checkpoint.clock(), parts);
  }

  private static Checkpoint loaded(Store.Checkpoint checkpoint) {
    List<Checkpoint.Switch> switches = new ArrayList<>();
    List<String> owners = new ArrayList<>();
    List<Checkpoint.Key> keys = new ArrayList<>();
    for (Store.Checkpoint.Part part : checkpoint.state()) {
      if (part.owner().equals(SWITCHES)) {
        String[] declaredAndActive = part.state().split(",", -1);
        switches.add(
            new Checkpoint.Switch(
                part.key(),
                Boolean.parseBoolean(declaredAndActive[0]),
                Boolean.parseBoolean(declaredAndActive[1])));
      } else if (part.owner().equals(OWNERS)) {
        owners.add(part.key());
      } else {
        List<String> values = new ArrayList<>();
        for (JsonNode value : MAPPER.readTree(part.key())) {
          values.add(value.asString());
        }
        keys.add(new Checkpoint.Key(part.owner(), new BucketingKey(values), part.state()));
      }
    }
    return new Checkpoint(checkpoint.clock(), switches, owners, keys);
  }

  private static void evaluateAgain(
      Store.JournalEntry entry, TriggerRuntime runtime, String loopDetected) {
    switch (entry) {
      case Store.JournalEntry.EventEntry taken -> {
        if (!taken.event().name().equals(loopDetected)) {
          runtime.offer(taken.event(), taken.received());
        }
      }
      case Store.JournalEntry.PauseEntry pause ->
          runtime.setActive(pause.automation(), !pause.paused(), pause.received());
    }
  }

  private static Instant firstReceipt(Store store, Instant now) {
    List<Store.JournalEntry> first = store.journal(0, 1);
    return first.isEmpty() ? now : first.getFirst().received();
  }
}
