package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.Event;
import java.time.Instant;
import java.util.List;

/**
 * State of a runtime between two entries: complete, or the changes since the previous checkpoint. A
 * runtime restored from it decides as the original would have. To restore changes, use the fields
 * of the last checkpoint, and the pages of the last complete one and all that follow it, in order.
 *
 * @param clock the engine clock
 * @param isWhole whether it is complete
 * @param rows the number of rows in its pages
 * @param live the number of rows that a complete checkpoint would have
 * @param switches automations switched since they were declared, in the order declared
 * @param owners all automations, in the order declared
 * @param waiting events that wait for one they follow, in the order of their receipt
 * @param blind intervals in which the engine could not see events, in order
 * @param maxStateBytes the bound on the state of all triggers together, as {@link
 *     TriggerRuntime#configure} set it
 * @param pages state of the keys, the one longest unchanged of a trigger first, and ids that were
 *     evaluated; may be read more than once, also while the runtime continues
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
    long maxStateBytes,
    Iterable<StatePage> pages) {

  /** Copies all but the pages. */
  public Checkpoint {
    switches = List.copyOf(switches);
    owners = List.copyOf(owners);
    waiting = List.copyOf(waiting);
    blind = List.copyOf(blind);
  }

  /** The state of a runtime without declarations and events, at an instant. */
  public static Checkpoint empty(Instant clock) {
    return new Checkpoint(
        clock,
        true,
        0,
        0,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        TriggerRuntime.UNBOUNDED,
        List.of());
  }

  /** This checkpoint with other pages. */
  public Checkpoint with(Iterable<StatePage> others) {
    return new Checkpoint(
        clock, isWhole, rows, live, switches, owners, waiting, blind, maxStateBytes, others);
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
   * @param active whether it is evaluated
   */
  public record Owner(String automation, String meaning, boolean active) {}

  /**
   * An event that waits for the one it follows.
   *
   * @param received the engine clock at its arrival
   */
  public record HeldEvent(Event event, Instant received) {}

  /**
   * An interval in which the engine could not see events.
   *
   * @param until its end, exclusive
   */
  public record BlindRange(Instant from, Instant until) {}
}
