package dev.tocsin.triggers;

import java.time.Instant;
import java.util.List;

/**
 * All state of a runtime between two entries: restored, it gives the same future.
 *
 * @param clock the engine clock
 * @param switches automations switched since they were declared, in the order declared
 * @param owners all automations, in the order declared
 * @param keys state of every key, owner by owner, in the order in which they changed last
 * @param followed what {@code follows} needs to be known
 * @param blind when the engine could not see, in order
 */
public record Checkpoint(
    Instant clock,
    List<Switch> switches,
    List<Owner> owners,
    List<Key> keys,
    Followed followed,
    List<Blind> blind) {

  /** Copies. */
  public Checkpoint {
    switches = List.copyOf(switches);
    owners = List.copyOf(owners);
    keys = List.copyOf(keys);
    blind = List.copyOf(blind);
  }

  /** The state of a runtime that has nothing declared and has seen nothing, at an instant. */
  public static Checkpoint empty(Instant clock) {
    return new Checkpoint(clock, List.of(), List.of(), List.of(), Followed.NOTHING, List.of());
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
   * State of one key.
   *
   * @param owner identity of the trigger (semantics section 9)
   * @param state versioned text
   */
  public record Key(String owner, BucketingKey key, String state) {}

  /**
   * State of {@code follows} (semantics section 8).
   *
   * @param evaluated ids of the events last evaluated, in that order
   * @param waiting events that wait for one they follow, in the order of their receipt
   */
  public record Followed(List<Evaluated> evaluated, List<Waiting> waiting) {

    /** Nothing is known, and nothing waits. */
    public static final Followed NOTHING = new Followed(List.of(), List.of());

    /** Copies. */
    public Followed {
      evaluated = List.copyOf(evaluated);
      waiting = List.copyOf(waiting);
    }
  }

  /**
   * A blind interval (semantics section 9).
   *
   * @param until its end, which it does not hold
   */
  public record Blind(Instant from, Instant until) {}

  /**
   * An event that was evaluated.
   *
   * @param event its id
   * @param clock the engine clock then
   */
  public record Evaluated(String event, Instant clock) {}

  /**
   * An event that waits for the one it follows.
   *
   * @param received the engine clock when it came
   */
  public record Waiting(Event event, Instant received) {}
}
