package dev.tocsin.engine.evaluation;

import dev.tocsin.actions.ActionEvents;
import dev.tocsin.config.AutomationSet;
import dev.tocsin.engine.store.DecisionSettings;
import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.runtime.Checkpoint;
import dev.tocsin.triggers.runtime.Step;
import dev.tocsin.triggers.runtime.TriggerRuntime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * From state and entry to a step: the meaning of every entry of the journal. The daemon, its
 * recovery, backtests and tests of automations are hosts of this class and differ only in the
 * source of their entries and the use of their steps. So the same entries result in the same
 * firings, with the same ids, on all of them. For one thread.
 */
public final class EntryEvaluation {

  private final TriggerRuntime runtime;
  private final Automations automations;
  private DecisionSettings settings;
  private ActionEvents events;

  /**
   * Continues from the state of a runtime, which it owns from now on.
   *
   * @param automations in force are those that the runtime has declared
   * @param settings those of the runtime
   */
  public EntryEvaluation(
      TriggerRuntime runtime, Automations automations, DecisionSettings settings) {
    this.runtime = runtime;
    this.automations = automations;
    this.settings = settings;
    this.events = new ActionEvents(settings.namespace());
  }

  /**
   * Applies an entry, the newest. A tick evaluates at most {@link TriggerRuntime#MAX_AT_ONCE} of
   * what is due: if more is due, the clock stays behind the tick.
   */
  public Step apply(JournalEntry entry) {
    return switch (entry) {
      case JournalEntry.EventEntry taken -> apply(taken.event());
      case JournalEntry.TickEntry tick -> runtime.advanceTo(tick.received());
      case JournalEntry.PauseEntry pause ->
          runtime.setActive(pause.automation(), !pause.paused(), pause.received());
      case JournalEntry.BlindEntry blind -> runtime.blind(blind.from(), blind.until());
      case JournalEntry.ClockSetBackEntry back -> runtime.setBack(back.before(), back.host());
      case JournalEntry.SettingsEntry changed -> apply(changed);
      case JournalEntry.DeclaredEntry declared -> apply(declared, automations.declaredBy(declared));
    };
  }

  private Step apply(JournalEntry.SettingsEntry entry) {
    settings = entry.settings();
    events = new ActionEvents(settings.namespace());
    return runtime.configure(settings.runtime(), settings.maxStateBytes(), entry.received());
  }

  /** An event that reports a loop triggers nothing, or it could cause the next one. */
  private Step apply(Event event) {
    return events.isLoopDetected(event)
        ? runtime.advanceTo(event.received())
        : runtime.offer(event, event.received());
  }

  /** What a declaration does whose automations have been read already. */
  public Step apply(JournalEntry.DeclaredEntry entry, AutomationSet declared) {
    // Automations that this version of the engine understands differently start without state here
    // at the latest.
    runtime.activateNew(entry.received());
    AutomationsInForce next = automations.inForce().with(entry.origin(), declared);
    Step step = runtime.declare(next.all().declarations(), entry.received()).step();
    automations.put(entry.origin(), declared);
    return step;
  }

  /**
   * What a declaration would do. Changes nothing.
   *
   * @throws IllegalArgumentException if another origin has declared an automation with the same id
   */
  public DeclarationPlan plan(String origin, AutomationSet declared) {
    AutomationSet before = automations.inForce().all();
    AutomationSet after = automations.inForce().with(origin, declared).all();
    return DeclarationPlan.of(runtime.plan(after.declarations()), before, after, runtime::keys);
  }

  /** The automations in force. */
  public AutomationsInForce inForce() {
    return automations.inForce();
  }

  /** The engine clock: the receipt of the newest entry. */
  public Instant clock() {
    return runtime.clock();
  }

  /** The receipt of something that came at an instant: never earlier than the newest entry. */
  public Instant receipt(Instant came) {
    return came.isBefore(clock()) ? clock() : came;
  }

  /** Whether a blind interval is known that ends after an instant. */
  public boolean isBlindAfter(Instant instant) {
    return runtime.isBlindAfter(instant);
  }

  /** Whether a tick at an instant would evaluate something. */
  public boolean isDue(Instant now) {
    return runtime.isDue(now);
  }

  /** When a tick has something to evaluate next, or null if nothing waits for time to pass. */
  public @Nullable Instant nextDeadline() {
    return runtime.nextDeadline();
  }

  /**
   * Advances the clock to an instant at which nothing is due: no entry, since it changes no
   * decision. Does nothing if something is due.
   */
  public void pass(Instant now) {
    if (!runtime.isDue(now)) {
      runtime.advanceTo(now);
    }
  }

  /**
   * Activates the automations that this version of the engine understands differently from the one
   * that saved the state, and returns the edit. Does nothing the second time.
   */
  public TriggerRuntime.Edited activateNew(Instant now) {
    return runtime.activateNew(now);
  }

  /** The settings in force. */
  public DecisionSettings settings() {
    return settings;
  }

  /** How many keys have state, of all triggers together. */
  public int keys() {
    return runtime.keys();
  }

  /** Whether an automation is in force and not paused. */
  public boolean isActive(String automation) {
    return runtime.isActive(automation);
  }

  /** All state between two entries. */
  public Checkpoint checkpoint() {
    return runtime.checkpoint();
  }

  /** State to be saved, as {@link TriggerRuntime#handOver} returns it. */
  public Checkpoint handOver(boolean all) {
    return runtime.handOver(all);
  }
}
