package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.store.Store;
import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.Checkpoint;
import dev.tocsin.triggers.Declaration;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.RuntimeSettings;
import dev.tocsin.triggers.Step;
import dev.tocsin.triggers.TriggerRuntime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Trigger state after a restart: the last checkpoint, and the journal after it evaluated again.
 * What those entries fired was committed with them, so their firings are not looked at.
 */
final class Recovery {

  private static final int PAGE = 1_000;
  private static final String SWITCHES = "switches";
  private static final String DECLARED = "declared";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final List<Declaration> declarations;
  private final RuntimeSettings settings;
  private final String loopDetected;

  /** For these triggers, under this namespace of the engine's own events. */
  Recovery(List<Declaration> declarations, RuntimeSettings settings, String namespace) {
    this.declarations = List.copyOf(declarations);
    this.settings = settings;
    this.loopDetected = namespace + ".automation.loop.detected";
  }

  /**
   * The runtime as it stands after the store's last entry. A trigger that was not in force when
   * those entries came starts anew after them (semantics section 9).
   */
  TriggerRuntime recover(Store store, Instant now) {
    Store.Checkpoint checkpoint = store.checkpoint();
    TriggerRuntime all = replayed(store, checkpoint, declarations, now);
    List<Declaration> inForce =
        declarations.stream().filter(each -> wasDeclared(each, checkpoint)).toList();
    if (inForce.size() == declarations.size()) {
      return all;
    }
    Checkpoint kept = replayed(store, checkpoint, inForce, now).checkpoint();
    return TriggerRuntime.restore(
        declarations,
        settings,
        new Checkpoint(kept.clock(), all.checkpoint().switches(), kept.keys()));
  }

  /** What an event does, as the newest entry. */
  Step evaluate(Event event, TriggerRuntime runtime) {
    // What tells of a loop triggers nothing, and is an entry all the same.
    return event.name().equals(loopDetected)
        ? runtime.advanceTo(event.received())
        : runtime.offer(event, event.received());
  }

  /** A checkpoint of the runtime as the store keeps it. */
  Store.Checkpoint stored(long sequence, TriggerRuntime runtime) {
    Checkpoint checkpoint = runtime.checkpoint();
    List<Store.Checkpoint.Part> parts = new ArrayList<>();
    for (Declaration each : declarations) {
      parts.add(new Store.Checkpoint.Part(DECLARED, each.automation(), meaning(each)));
    }
    for (Checkpoint.Switch flip : checkpoint.switches()) {
      parts.add(
          new Store.Checkpoint.Part(
              SWITCHES, flip.automation(), flip.declared() + "," + flip.active()));
    }
    for (Checkpoint.Key key : checkpoint.keys()) {
      parts.add(
          new Store.Checkpoint.Part(
              key.owner(), MAPPER.writeValueAsString(key.key().values()), key.state()));
    }
    return new Store.Checkpoint(sequence, checkpoint.clock(), parts);
  }

  private static String meaning(Declaration declaration) {
    return declaration.trigger().meaning() + "," + declaration.enabled();
  }

  private static boolean wasDeclared(
      Declaration declaration, Store.@Nullable Checkpoint checkpoint) {
    return checkpoint != null
        && checkpoint
            .state()
            .contains(
                new Store.Checkpoint.Part(
                    DECLARED, declaration.automation(), meaning(declaration)));
  }

  private TriggerRuntime replayed(
      Store store,
      Store.@Nullable Checkpoint checkpoint,
      List<Declaration> declared,
      Instant now) {
    TriggerRuntime runtime =
        checkpoint == null
            ? new TriggerRuntime(declared, settings, firstReceipt(store, now))
            : TriggerRuntime.restore(declared, settings, loaded(checkpoint));
    long after = checkpoint == null ? 0 : checkpoint.sequence();
    for (List<Store.JournalEntry> page = store.journal(after, PAGE);
        !page.isEmpty();
        page = store.journal(after, PAGE)) {
      for (Store.JournalEntry entry : page) {
        evaluateAgain(entry, runtime);
        after = entry.sequence();
      }
    }
    return runtime;
  }

  private static Checkpoint loaded(Store.Checkpoint checkpoint) {
    List<Checkpoint.Switch> switches = new ArrayList<>();
    List<Checkpoint.Key> keys = new ArrayList<>();
    for (Store.Checkpoint.Part part : checkpoint.state()) {
      if (part.owner().equals(DECLARED)) {
        continue;
      }
      if (part.owner().equals(SWITCHES)) {
        String[] declaredAndActive = part.state().split(",", -1);
        switches.add(
            new Checkpoint.Switch(
                part.key(),
                Boolean.parseBoolean(declaredAndActive[0]),
                Boolean.parseBoolean(declaredAndActive[1])));
      } else {
        List<String> values = new ArrayList<>();
        for (JsonNode value : MAPPER.readTree(part.key())) {
          values.add(value.asString());
        }
        keys.add(new Checkpoint.Key(part.owner(), new BucketingKey(values), part.state()));
      }
    }
    return new Checkpoint(checkpoint.clock(), switches, keys);
  }

  private void evaluateAgain(Store.JournalEntry entry, TriggerRuntime runtime) {
    switch (entry) {
      case Store.JournalEntry.EventEntry taken -> evaluate(taken.event(), runtime);
      case Store.JournalEntry.PauseEntry pause ->
          runtime.setActive(pause.automation(), !pause.paused(), pause.received());
    }
  }

  private static Instant firstReceipt(Store store, Instant now) {
    List<Store.JournalEntry> first = store.journal(0, 1);
    return first.isEmpty() ? now : first.getFirst().received();
  }
}
