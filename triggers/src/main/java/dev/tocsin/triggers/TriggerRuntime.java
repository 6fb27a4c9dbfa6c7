package dev.tocsin.triggers;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates triggers over one order of entries: events, moments of time, switches. The daemon, recovery,
 * replay and tests are this class with different sources. For one thread at a time.
 *
 * <p>{@code now} is the receipt of the entry and becomes the engine clock, which never goes back: an
 * earlier one counts as the clock.
 */
public final class TriggerRuntime {

  private final Map<String, Declaration> declarations = new LinkedHashMap<>();
  private final Map<String, Checkpoint.Switch> switches = new LinkedHashMap<>();
  private final List<Watcher> watchers = new ArrayList<>();
  private final Set<String> active = new HashSet<>();
  private final TriggerIndex index;
  private long clock;

  /**
   * Starts with these triggers, in the order declared, and no state.
   *
   * @throws IllegalArgumentException where an automation is declared twice, or a trigger is of a kind
   *     that this runtime does not evaluate: see {@link #refusal}
   */
  public TriggerRuntime(List<Declaration> declared, RuntimeSettings settings, Instant now) {
    List<EventTrigger> indexed = new ArrayList<>();
    for (Declaration declaration : declared) {
      String refusal = refusal(declaration.trigger());
      if (refusal != null) {
        throw new IllegalArgumentException(refusal);
      }
      if (declarations.put(declaration.automation(), declaration) != null) {
        throw new IllegalArgumentException(declaration.automation() + " is declared twice");
      }
      if (declaration.trigger() instanceof EventTrigger trigger) {
        watchers.add(new Watcher(declaration.automation(), trigger, settings));
        indexed.add(trigger);
      }
      if (declaration.enabled()) {
        active.add(declaration.automation());
      }
    }
    this.index = TriggerIndex.of(indexed);
    this.clock = Micros.of(now);
  }

  /**
   * Continues from a checkpoint with these triggers: state is kept by identity (semantics section 9),
   * what is not declared any more is dropped.
   */
  public static TriggerRuntime restore(
      List<Declaration> declared, RuntimeSettings settings, Checkpoint checkpoint) {
    TriggerRuntime runtime = new TriggerRuntime(declared, settings, checkpoint.clock());
    for (Checkpoint.Switch flip : checkpoint.switches()) {
      Declaration declaration = runtime.declarations.get(flip.automation());
      if (declaration != null && declaration.enabled() == flip.declared()) {
        runtime.flip(declaration, flip.active());
      }
    }
    Map<String, Watcher> byIdentity = new HashMap<>();
    for (Watcher watcher : runtime.watchers) {
      if (runtime.isActive(watcher.automation())) {
        byIdentity.put(watcher.identity(), watcher);
      }
    }
    for (Checkpoint.Key key : checkpoint.keys()) {
      Watcher watcher = byIdentity.get(key.owner());
      if (watcher != null) {
        watcher.restore(runtime.clock, key.key(), key.state());
      }
    }
    return runtime;
  }

  /** Why a trigger cannot be evaluated yet, or null where it can. */
  public static @Nullable String refusal(Trigger trigger) {
    return switch (trigger) {
      case EventTrigger event ->
          switch (event.posture()) {
            case Posture.Reactive _ -> null;
            case Posture.Proactive _ -> "Proactive triggers are not evaluated yet";
          };
      case CompoundTrigger _ -> "compound triggers are not evaluated yet";
      case SequenceTrigger _ -> "sequence triggers are not evaluated yet";
    };
  }

  /** Evaluates an event, after every deadline that is due at its receipt. */
  public Step offer(Event event, Instant now) {
    moveClock(now);
    int[] candidates = index.candidates(event);
    if (candidates.length == 0) {
      return Step.NOTHING;
    }
    Watcher.Ledger ledger = new Watcher.Ledger();
    for (int position : candidates) {
      Watcher watcher = watchers.get(position);
      if (isActive(watcher.automation())) {
        watcher.offer(event, clock, ledger);
      }
    }
    return ledger.step();
  }

  /** Evaluates every deadline that is due. */
  public Step advanceTo(Instant now) {
    moveClock(now);
    return Step.NOTHING;
  }

  /** When {@link #advanceTo} has something to do next, or null where nothing waits for time to pass. */
  public @Nullable Instant nextDeadline() {
    return null;
  }

  /**
   * Switches an automation off, which drops its state, or on, which starts it anew. One that is already
   * so, or is not declared, stays as it is.
   */
  public Step setActive(String automation, boolean on, Instant now) {
    moveClock(now);
    Declaration declaration = declarations.get(automation);
    if (declaration != null && active.contains(automation) != on) {
      flip(declaration, on);
    }
    return Step.NOTHING;
  }

  /** Whether an automation takes events in. */
  public boolean isActive(String automation) {
    return active.contains(automation);
  }

  /** The engine clock: the latest receipt so far. */
  public Instant clock() {
    return Micros.instant(clock);
  }

  /** How many keys have state, of all triggers together. */
  public int keys() {
    return watchers.stream().mapToInt(watcher -> watcher.keys(clock)).sum();
  }

  /** All state, as it stands between two entries. */
  public Checkpoint checkpoint() {
    List<Checkpoint.Key> keys = new ArrayList<>();
    watchers.forEach(watcher -> watcher.save(clock, keys));
    return new Checkpoint(clock(), List.copyOf(switches.values()), keys);
  }

  private void flip(Declaration declaration, boolean on) {
    String automation = declaration.automation();
    switches.put(automation, new Checkpoint.Switch(automation, declaration.enabled(), on));
    if (on) {
      active.add(automation);
      return;
    }
    active.remove(automation);
    for (Watcher watcher : watchers) {
      if (watcher.automation().equals(automation)) {
        watcher.clear();
      }
    }
  }

  private void moveClock(Instant now) {
    clock = Math.max(clock, Micros.of(now));
  }
}
