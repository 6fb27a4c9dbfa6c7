package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.Event;
import java.time.Instant;
import java.util.List;

/**
 * State of a runtime between two entries: all of it, or what has changed since the checkpoint
 * before. Restored, all of it gives the same future, and so does all of one followed by the changes
 * of those after it, in order: the last one's fields, and everyone's pages.
 *
 * @param clock the engine clock
 * @param isWhole whether it is all, and not what has changed
 * @param rows in its pages
 * @param live how many rows all of it has
 * @param switches automations switched since they were declared, in the order declared
 * @param owners all automations, in the order declared
 * @param waiting events that wait for one they follow, in the order of their receipt
 * @param blind when the engine could not see, in order
 * @param pages state of the keys, the one longest unchanged of a trigger first, and ids that were
 *     evaluated; may be read once or more, also while the runtime goes on
 */
public record Checkpoint(
    Instant clock,
    boolean isWhole,
    long rows,
    long live,
    List<Switch> switches,
    List<Owner> owners,
    List<HeldEvent> waiting,
    List<BlindRange> blind,
    Iterable<StatePage> pages) {

  /** Copies all but the pages. */
  public Checkpoint {
    switches = List.copyOf(switches);
    owners = List.copyOf(owners);
    waiting = List.copyOf(waiting);
    blind = List.copyOf(blind);
  }

  /** The state of a runtime that has nothing declared and has seen nothing, at an instant. */
  public static Checkpoint empty(Instant clock) {
    return new Checkpoint(clock, true, 0, 0, List.of(), List.of(), List.of(), List.of(), List.of());
  }

  /** This checkpoint with other pages. */
  public Checkpoint with(Iterable<StatePage> others) {
    return new Checkpoint(clock, isWhole, rows, live, switches, owners, waiting, blind, others);
  }

  /**
   * An automation that was switched.
   *
   * @param declared whether it was declared as enabled when that happened; a later declaration that
   *     says otherwise undoes the switch
   */
  public record Switch(String automation, boolean declared, boolean active) {}

  /**
   * An automation.
   *
   * @param automation its id
   * @param meaning of its trigger
   * @param active whether it took events in
   */
  public record Owner(String automation, String meaning, boolean active) {}

  /**
   * An event that waits for the one it follows (semantics section 8).
   *
   * @param received the engine clock when it came
   */
  public record HeldEvent(Event event, Instant received) {}

  /**
   * A blind interval (semantics section 9).
   *
   * @param until its end, which it does not hold
   */
  public record BlindRange(Instant from, Instant until) {}
}
