package dev.tocsin.engine.replay;

import dev.tocsin.config.Automation;
import dev.tocsin.triggers.CompoundTrigger;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.Posture;
import dev.tocsin.triggers.SequenceTrigger;
import dev.tocsin.triggers.State;
import dev.tocsin.triggers.runtime.FiringProgress;
import dev.tocsin.triggers.runtime.Outcome;
import dev.tocsin.triggers.runtime.Step;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one automation did in a backtest. */
public final class Tally {

  /** Most keys that are counted. */
  public static final int MOST_KEYS = 1_000_000;

  private final Automation automation;
  private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
  private final Set<Map<String, String>> keys = new HashSet<>();
  private FiringProgress best = FiringProgress.NONE;
  private long triggered;
  private long resolved;
  private @Nullable Instant first;
  private @Nullable Instant last;

  /** Of an automation that has done nothing yet. */
  public Tally(Automation automation) {
    this.automation = automation;
  }

  /** Whose it is. */
  public Automation automation() {
    return automation;
  }

  /** Counts a firing. */
  public void count(Firing firing) {
    Instant at = firing.triggered();
    switch (firing.state()) {
      case TRIGGERED -> triggered++;
      case RESOLVED -> resolved++;
    }
    if (firing.state() == State.TRIGGERED) {
      first = first == null || at.isBefore(first) ? at : first;
      last = last == null || at.isAfter(last) ? at : last;
      if (keys.size() < MOST_KEYS) {
        keys.add(firing.labels());
      }
    }
  }

  /** Counts what an event did. */
  public void count(Step.Observation observation) {
    outcomes.merge(observation.outcome(), 1L, Long::sum);
    FiringProgress progress = observation.progress();
    if (isOfTheWhole(progress) && amount(progress) > amount(best)) {
      best = progress;
    }
  }

  /** Whether it is about the automation's trigger as a whole, and not about one inside it. */
  private boolean isOfTheWhole(FiringProgress progress) {
    return switch (automation.trigger()) {
      case CompoundTrigger _, SequenceTrigger _ -> progress instanceof FiringProgress.Triggers;
      case EventTrigger trigger ->
          switch (trigger.posture()) {
            case Posture.Reactive _ -> progress instanceof FiringProgress.Events;
            case Posture.Proactive _ -> progress instanceof FiringProgress.Silence;
          };
    };
  }

  private static long amount(FiringProgress progress) {
    return switch (progress) {
      case FiringProgress.None _, FiringProgress.Complete _ -> 0;
      case FiringProgress.Events events -> events.counted();
      case FiringProgress.Silence silence -> silence.lasted();
      case FiringProgress.Triggers triggers -> triggers.fired();
    };
  }

  /** How near any key came to firing, as far as events show. */
  public FiringProgress best() {
    return best;
  }

  /** How often it triggered. */
  public long triggered() {
    return triggered;
  }

  /** How often it resolved. */
  public long resolved() {
    return resolved;
  }

  /** The earliest time at which it triggered, or null. */
  public @Nullable Instant first() {
    return first;
  }

  /** The latest time at which it triggered, or null. */
  public @Nullable Instant last() {
    return last;
  }

  /** How many keys triggered, at most {@link #MOST_KEYS}. */
  public int keys() {
    return keys.size();
  }

  /** How often events did what to its triggers, in the order of {@link Outcome}. */
  public Map<Outcome, Long> outcomes() {
    return new EnumMap<>(outcomes);
  }
}
