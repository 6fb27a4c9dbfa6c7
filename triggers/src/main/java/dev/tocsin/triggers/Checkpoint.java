package dev.tocsin.triggers;

import java.time.Instant;
import java.util.List;

/**
 * All state of a runtime between two entries: restored, it gives the same future.
 *
 * @param clock the engine clock
 * @param switches automations switched since they were declared, by id
 * @param owners identities of the root triggers that were active
 * @param keys state of every key, owner by owner, in the order in which they changed last
 */
public record Checkpoint(
    Instant clock, List<Switch> switches, List<String> owners, List<Key> keys) {

  /** Copies. */
  public Checkpoint {
    switches = List.copyOf(switches);
    owners = List.copyOf(owners);
    keys = List.copyOf(keys);
  }

  /**
   * An automation that was switched.
   *
   * @param declared whether it was declared as enabled when that happened; a later declaration that
   *     says otherwise undoes the switch
   */
  public record Switch(String automation, boolean declared, boolean active) {}

  /**
   * State of one key.
   *
   * @param owner identity of the trigger (semantics section 9)
   * @param state versioned text
   */
  public record Key(String owner, BucketingKey key, String state) {}
}
