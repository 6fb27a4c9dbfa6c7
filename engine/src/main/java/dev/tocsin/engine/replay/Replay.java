package dev.tocsin.engine.replay;

import dev.tocsin.config.AutomationSet;
import dev.tocsin.engine.evaluation.Automations;
import dev.tocsin.engine.evaluation.EntryEvaluation;
import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.runtime.RuntimeSettings;
import dev.tocsin.triggers.runtime.Step;
import dev.tocsin.triggers.runtime.TriggerRuntime;
import dev.tocsin.wire.EncodedEvent;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates automations over entries as the daemon does: the same entries give the same firings
 * with the same ids. No action is carried out, and nothing that the engine would emit comes back.
 * For one thread.
 */
public final class Replay {

  /** An id among so many of the latest is taken once. */
  private static final int KNOWN_IDS = 1_000_000;

  private final EntryEvaluation state;
  private final Observer observer;
  private final Map<String, Boolean> known = new LatestIds();
  private long sequence;

  /** Is told what every entry did. */
  @FunctionalInterface
  public interface Observer {

    /** What an event did, or the time that passed. */
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
            namespace);
    this.observer = observer;
  }

  /** Takes an event in, at its receipt; one whose id is known is passed over. */
  public void take(Event event) {
    if (known.put(event.id(), true) == null) {
      pass(event.received());
      Event taken = event.receivedAt(state.receipt(event.received()));
      observer.saw(
          taken,
          state.apply(new JournalEntry.EventEntry(++sequence, EncodedEvent.unstored(taken))));
    }
  }

  /** Switches an automation off or on. */
  public void setActive(String automation, boolean on, Instant received) {
    pass(received);
    apply(new JournalEntry.PauseEntry(++sequence, clock(), automation, !on));
  }

  /** Takes note that the engine could not see; what is due where that begins is evaluated first. */
  public void blind(Instant from, Instant until) {
    pass(from);
    apply(new JournalEntry.BlindEntry(++sequence, clock(), from, until, "replay"));
  }

  /** Advances the clock to an instant, if it is not there yet; what is due then is evaluated. */
  public void pass(Instant until) {
    while (state.isDue(until)) {
      apply(new JournalEntry.TickEntry(++sequence, until));
    }
    state.pass(until);
  }

  private void apply(JournalEntry entry) {
    observer.saw(null, state.apply(entry));
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
