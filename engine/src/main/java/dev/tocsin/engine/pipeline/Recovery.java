package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.store.Store;
import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.Checkpoint;
import dev.tocsin.triggers.Declaration;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.RuntimeSettings;
import dev.tocsin.triggers.StatePage;
import dev.tocsin.triggers.Step;
import dev.tocsin.triggers.TriggerRuntime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
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
  private static final String EVALUATED = "evaluated";
  private static final String WAITING = "waiting";
  private static final String PAGES = "pages";
  private static final String BLIND = "blind";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final List<Declaration> declarations;
  private final RuntimeSettings settings;
  private final String loopDetected;
  private String basis = "";

  /** For these triggers, under this namespace of the engine's own events. */
  Recovery(List<Declaration> declarations, RuntimeSettings settings, String namespace) {
    this.declarations = List.copyOf(declarations);
    this.settings = settings;
    this.loopDetected = namespace + ".automation.loop.detected";
  }

  /**
   * The runtime as it stands after the store's last entry; triggers that were not in force then
   * take nothing in before {@link TriggerRuntime#activateNew}.
   *
   * @param now when it begins, if the store is new
   */
  TriggerRuntime recover(Store store, Instant now) {
    Store.Checkpoint checkpoint = store.checkpoint();
    if (checkpoint == null) {
      // Every start saves one before the first entry: what there may be was imported, as history.
      return new TriggerRuntime(declarations, settings, now);
    }
    basis = checkpoint.sequence() + "@" + checkpoint.clock();
    TriggerRuntime runtime =
        TriggerRuntime.restore(declarations, settings, loaded(checkpoint, store));
    long after = checkpoint.sequence();
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

  /** Names the checkpoint that the recovery began with; empty where the store was new. */
  String basis() {
    return basis;
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
    for (Checkpoint.Switch flip : checkpoint.switches()) {
      parts.add(
          new Store.Checkpoint.Part(
              SWITCHES, flip.automation(), flip.declared() + "," + flip.active()));
    }
    for (Checkpoint.Owner owner : checkpoint.owners()) {
      parts.add(
          new Store.Checkpoint.Part(
              OWNERS, owner.automation(), owner.active() + "," + owner.meaning()));
    }
    for (StatePage page : checkpoint.pages()) {
      parts.add(
          new Store.Checkpoint.Part(PAGES, "", Base64.getEncoder().encodeToString(page.bytes())));
    }
    for (Checkpoint.Waiting held : checkpoint.waiting()) {
      parts.add(new Store.Checkpoint.Part(WAITING, held.event().id(), held.received().toString()));
    }
    for (Checkpoint.Blind blind : checkpoint.blind()) {
      parts.add(
          new Store.Checkpoint.Part(BLIND, blind.from().toString(), blind.until().toString()));
    }
    return new Store.Checkpoint(sequence, checkpoint.clock(), parts);
  }

  private static Checkpoint loaded(Store.Checkpoint checkpoint, Store store) {
    List<Checkpoint.Switch> switches = new ArrayList<>();
    List<Checkpoint.Owner> owners = new ArrayList<>();
    List<Checkpoint.KeyText> keys = new ArrayList<>();
    List<StatePage> pages = new ArrayList<>();
    List<Checkpoint.Evaluated> evaluated = new ArrayList<>();
    List<Checkpoint.Waiting> waiting = new ArrayList<>();
    List<Checkpoint.Blind> blind = new ArrayList<>();
    for (Store.Checkpoint.Part part : checkpoint.state()) {
      String[] fields = part.state().split(",", -1);
      switch (part.owner()) {
        case SWITCHES ->
            switches.add(
                new Checkpoint.Switch(
                    part.key(), Boolean.parseBoolean(fields[0]), Boolean.parseBoolean(fields[1])));
        case OWNERS ->
            owners.add(
                new Checkpoint.Owner(part.key(), fields[1], Boolean.parseBoolean(fields[0])));
        case PAGES -> pages.add(StatePage.of(Base64.getDecoder().decode(part.state())));
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
        case BLIND ->
            blind.add(new Checkpoint.Blind(Instant.parse(part.key()), Instant.parse(part.state())));
        default ->
            keys.add(
                new Checkpoint.KeyText(
                    part.owner(), new BucketingKey(texts(part.key())), part.state()));
      }
    }
    pages.addAll(Checkpoint.pagesOfVersion1(keys, evaluated));
    return new Checkpoint(checkpoint.clock(), true, 0, 0, switches, owners, waiting, blind, pages);
  }

  private static List<String> texts(String json) {
    List<String> texts = new ArrayList<>();
    for (JsonNode text : MAPPER.readTree(json)) {
      texts.add(text.asString());
    }
    return texts;
  }

  private void evaluateAgain(Store.JournalEntry entry, TriggerRuntime runtime) {
    switch (entry) {
      case Store.JournalEntry.EventEntry taken -> evaluate(taken.event(), runtime);
      case Store.JournalEntry.TickEntry tick -> runtime.advanceTo(tick.received());
      case Store.JournalEntry.PauseEntry pause ->
          runtime.setActive(pause.automation(), !pause.paused(), pause.received());
      case Store.JournalEntry.BlindEntry blind -> runtime.blind(blind.from(), blind.until());
    }
  }
}
