package dev.tocsin.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.config.AutomationFiles;
import dev.tocsin.config.DefinitionReader;
import dev.tocsin.config.settings.SettingsReader;
import dev.tocsin.engine.evaluation.Automations;
import dev.tocsin.engine.evaluation.EntryEvaluation;
import dev.tocsin.engine.metrics.Metrics;
import dev.tocsin.engine.store.Commit;
import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.StoredCheckpoint;
import dev.tocsin.engine.store.Stores;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Labels;
import dev.tocsin.triggers.Payload;
import dev.tocsin.triggers.Resource;
import dev.tocsin.triggers.runtime.RuntimeSettings;
import dev.tocsin.wire.EncodedEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints over a real store: wherever a crash comes, the state after it is the same. */
class CheckpointsTest {

  /** Only keys are stored, so that they alone decide when all is written anew. */
  private static final RuntimeSettings SETTINGS =
      new RuntimeSettings(Duration.ofMinutes(15), 20, Duration.ZERO, Duration.ZERO, 0);

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static final String ABSENCE =
      """
      name: unpaid
      trigger: {posture: Proactive, after: [placed], expect: [paid], for_each: [k], within: 1d}
      actions: [{type: do-nothing}]
      """;

  @TempDir Path folder;
  private final Metrics metrics = new Metrics();
  private long sequence;

  /** Each entry is committed with a slice; after each the process might be gone. */
  @Test
  void aCrashAtAnyInstantLosesNothing() {
    Random random = new Random(1);
    try (Store store = Stores.open(folder)) {
      EntryEvaluation state = recover(store);
      declare(state, store);
      Checkpoints checkpoints = checkpoints(store);
      checkpoints.save(sequence, state);
      int saved = 0;
      for (int round = 0; round < 8; round++) {
        commit(round % 4 == 3 ? 10 : 7_000, random, state, store, checkpoints);
        checkpoints.begin(sequence, state);
        while (checkpoints.isUnderWay()) {
          assertRecovered(store, state);
          commit(1, random, state, store, checkpoints);
        }
        assertRecovered(store, state);
        StoredCheckpoint latest = Objects.requireNonNull(store.checkpoint());
        assertThat(latest.sequence()).isLessThanOrEqualTo(sequence);
        assertThat(store.checkpointPages(0, latest.first() - 1, 1)).isEmpty();
        saved = latest.first() > 1 ? saved + 1 : saved;
      }
      assertThat(saved).as("all state was written anew at some time").isPositive();
    }
  }

  /** A process that died while it saved; the next one writes over what it left. */
  @Test
  void whatADeadProcessLeftHalfWrittenCountsForNothing() {
    Random random = new Random(2);
    try (Store store = Stores.open(folder)) {
      EntryEvaluation state = recover(store);
      declare(state, store);
      Checkpoints checkpoints = checkpoints(store);
      checkpoints.save(sequence, state);
      for (int life = 0; life < 4; life++) {
        commit(6_000, random, state, store, checkpoints);
        checkpoints.begin(sequence, state);
        commit(1, random, state, store, checkpoints);
        // Now it is gone, with pages in the store that belong to no checkpoint.
        EntryEvaluation next = assertRecovered(store, state);
        next.activateNew(next.clock());
        checkpoints = checkpoints(store);
        checkpoints.save(sequence, next);
        state = next;
        assertRecovered(store, state);
      }
    }
  }

  private EntryEvaluation assertRecovered(Store store, EntryEvaluation state) {
    EntryEvaluation recovered = recover(store);
    assertThat(recovered.checkpoint()).isEqualTo(state.checkpoint());
    assertThat(recovered.nextDeadline()).isEqualTo(state.nextDeadline());
    return recovered;
  }

  private void commit(
      int events, Random random, EntryEvaluation state, Store store, Checkpoints checkpoints) {
    List<JournalEntry> entries = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      sequence++;
      Instant now = START.plusMillis(sequence);
      String name = random.nextInt(3) == 0 ? "paid" : "placed";
      Event event = event("e" + sequence, name, "order " + random.nextInt(6_000), now);
      JournalEntry entry = entry(event);
      entries.add(entry);
      state.apply(entry);
    }
    store.commit(Commit.ofEntries(entries), checkpoints.slice());
    checkpoints.written();
  }

  private Checkpoints checkpoints(Store store) {
    return new Checkpoints(store, metrics, InstantSource.fixed(START));
  }

  private static EntryEvaluation recover(Store store) {
    Automations automations = new Automations(store, new DefinitionReader(Map.of()));
    return new Recovery(
            store, automations, SETTINGS, "tocsin", new StartProgress(InstantSource.fixed(START)))
        .recover(START);
  }

  /** Puts an absence in force. */
  private void declare(EntryEvaluation state, Store store) {
    AutomationDeclaration declaration =
        new AutomationDeclaration(
            AutomationDeclaration.FILES,
            AutomationFiles.of(SettingsReader.read(null, Map.of(), Map.of()))
                .readText("test.yaml", ABSENCE)
                .automations(),
            "test");
    JournalEntry.DeclaredEntry entry = declaration.entry(++sequence, START);
    state.apply(entry, declaration.automations());
    store.commit(
        new Commit(
            List.of(entry),
            declaration.definitions(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of()));
  }

  private JournalEntry entry(Event event) {
    return new JournalEntry.EventEntry(sequence, EncodedEvent.of(event));
  }

  private static Event event(String id, String name, String key, Instant at) {
    return new Event(
        id,
        at,
        name,
        new Resource(Labels.of(Resource.ID, "r", "k", key)),
        List.of(),
        Payload.EMPTY,
        null,
        at,
        null);
  }
}
