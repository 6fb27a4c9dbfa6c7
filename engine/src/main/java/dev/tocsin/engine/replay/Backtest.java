package dev.tocsin.engine.replay;

import dev.tocsin.config.AutomationSet;
import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.runtime.RuntimeSettings;
import java.time.Instant;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Automations over a recording, from the receipt of its first entry, or within bounds. */
public final class Backtest {

  private final AutomationSet automations;
  private final RuntimeSettings settings;
  private final String namespace;
  private final Bounds bounds;
  private final Replay.Observer observer;
  private @Nullable Replay replay;

  /**
   * Which entries count, by their receipt.
   *
   * @param start when the engine starts, entries before it are skipped; null is the first entry
   * @param until what the clock advances to, entries after it are skipped; null is the last entry
   */
  public record Bounds(@Nullable Instant start, @Nullable Instant until) {

    /** Refuses an end before the start. */
    public Bounds {
      if (start != null && until != null && until.isBefore(start)) {
        throw new IllegalArgumentException("until " + until + " lies before start " + start);
      }
    }

    /** Whether an entry counts. */
    public boolean hold(Instant received) {
      return (start == null || !received.isBefore(start))
          && (until == null || !received.isAfter(until));
    }
  }

  /**
   * A backtest of these automations.
   *
   * @param namespace of the engine's own events
   */
  public Backtest(
      AutomationSet automations,
      RuntimeSettings settings,
      String namespace,
      Bounds bounds,
      Replay.Observer observer) {
    this.automations = automations;
    this.settings = settings;
    this.namespace = namespace;
    this.bounds = bounds;
    this.observer = observer;
  }

  /** Evaluates an entry whose receipt is within the bounds. */
  public void take(JournalEntry entry) {
    replay(entry.received()).take(entry);
  }

  /** Advances the clock to the end of the bounds. */
  public void finish() {
    Instant until = bounds.until();
    if (until != null) {
      replay(until).pass(until);
    }
  }

  private Replay replay(Instant first) {
    Replay running = replay;
    if (running == null) {
      Instant start = bounds.start();
      running =
          new Replay(automations, settings, start == null ? first : start, namespace, observer);
      replay = running;
    }
    return running;
  }

  /**
   * Which events an engine emits of what its automations do: the triggered, the resolved and the
   * action events of this namespace and of Prefect's.
   */
  public static Predicate<Event> areEngineEvents(String namespace) {
    Set<String> prefixes =
        Stream.of(namespace, "prefect", "prefect-cloud")
            .map(owner -> owner + ".automation.")
            .collect(Collectors.toUnmodifiableSet());
    return event ->
        prefixes.stream()
            .anyMatch(
                prefix ->
                    event.name().equals(prefix + "triggered")
                        || event.name().equals(prefix + "resolved")
                        || event.name().startsWith(prefix + "action."));
  }
}
