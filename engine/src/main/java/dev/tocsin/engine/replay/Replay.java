package dev.tocsin.engine.replay;

import dev.tocsin.config.AutomationSet;
import dev.tocsin.engine.evaluation.Automations;
import dev.tocsin.engine.evaluation.EntryEvaluation;
import dev.tocsin.engine.store.DecisionSettings;
import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.runtime.RuntimeSettings;
import dev.tocsin.triggers.runtime.Step;
import dev.tocsin.triggers.runtime.TriggerRuntime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates automations over entries as the daemon does: the same entries result in the same
 * firings with the same ids. No action is carried out, and nothing that the engine would emit comes
 * back. For one thread.
 */
public final class Replay {

  /** Number of the latest event ids that are remembered, to ignore duplicates. */
  private static final int KNOWN_IDS = 1_000_000;

  private final EntryEvaluation state;
  private final Observer observer;
  private final Map<String, Boolean> known = new LatestIds();

  /** Receives what every entry did. */
  @FunctionalInterface
  public interface Observer {

    /** What an event did; of anything else the event is null. */
    void saw(@Nullable Event event, Step step);
  }

  /**
   * Starts: all enabled automations are activated.
   *
   * @param start when the engine starts
   * @param namespace of the engine's own events
   */
  public Replay(
      AutomationSet automations,
      RuntimeSettings settings,
      Instant start,
      String namespace,
      Observer observer) {
    this.state =
        new EntryEvaluation(
            new TriggerRuntime(automations.declarations(), settings, start),
            Automations.of(automations),
            new DecisionSettings(settings, TriggerRuntime.UNBOUNDED, namespace));
    this.observer = observer;
  }

  private JournalEntry ofThisReplay(JournalEntry entry) {
    return entry
            instanceof JournalEntry.SettingsEntry(long sequence, Instant at, DecisionSettings then)
        ? new JournalEntry.SettingsEntry(
            sequence, at, state.settings().bounded(then.maxStateBytes()))
        : entry;
  }

  /**
   * Evaluates what is due at the receipt of an entry, then the entry. An event whose id is known is
   * ignored; one received earlier than its predecessor counts as received with it. Of recorded
   * settings only the bound on trigger state counts: the others are those of this replay.
   */
  public void take(JournalEntry entry) {
    if (!(entry instanceof JournalEntry.EventEntry event)) {
      pass(entry.received());
      observer.saw(null, state.apply(ofThisReplay(entry)));
    } else if (known.put(event.event().id(), true) == null) {
      pass(event.received());
      JournalEntry.EventEntry taken =
          new JournalEntry.EventEntry(
              event.sequence(), event.encoded().receivedAt(state.receipt(event.received())));
      observer.saw(taken.event(), state.apply(taken));
    }
  }

  /** Advances the clock to an instant, if it is not there yet; what is due then is evaluated. */
  public void pass(Instant until) {
    while (state.isDue(until)) {
      observer.saw(null, state.apply(new JournalEntry.TickEntry(0, until)));
    }
    state.pass(until);
  }

  /** The engine clock. */
  public Instant clock() {
    return state.clock();
  }

  private static final class LatestIds extends LinkedHashMap<String, Boolean> {

    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
      return size() > KNOWN_IDS;
    }
  }
}
