package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Micros;
import dev.tocsin.triggers.keyed.CellStore;
import dev.tocsin.triggers.keyed.EvaluatedIds;
import dev.tocsin.triggers.keyed.EventId;
import dev.tocsin.triggers.keyed.KeyedStates;
import dev.tocsin.triggers.keyed.StateWriter;
import java.time.Instant;
import java.util.ArrayList;
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
    List<Waiting> waiting,
    List<Blind> blind,
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
  public record Waiting(Event event, Instant received) {}

  /**
   * State of one key as version 1 stored it.
   *
   * @param owner identity of the trigger (semantics section 9)
   * @param text versioned
   */
  public record KeyText(String owner, BucketingKey key, String text) {}

  /**
   * A blind interval (semantics section 9).
   *
   * @param until its end, which it does not hold
   */
  public record Blind(Instant from, Instant until) {}

  /**
   * An event that was evaluated, as version 1 stored it.
   *
   * @param event its id
   * @param clock the engine clock then
   */
  public record Evaluated(String event, Instant clock) {}

  /** The pages of what version 1 stored: the keys owner by owner, each in the order of change. */
  public static List<StatePage> pagesOfVersion1(List<KeyText> keys, List<Evaluated> evaluated) {
    List<StatePage.Rows> rows = new ArrayList<>();
    for (int from = 0, to = 0; from < keys.size(); from = to) {
      String owner = keys.get(from).owner();
      List<CellStore.Held<ReactiveState>> held = new ArrayList<>();
      for (; to < keys.size() && keys.get(to).owner().equals(owner); to++) {
        held.add(CellStore.Held.packed(packed(keys.get(to))));
      }
      rows.add(
          new StatePage.Rows.OfKeys(
              owner, new KeyedStates.Changes<>(ReactiveState.CODEC, false, List.of(), held)));
    }
    EvaluatedIds ids = new EvaluatedIds(Long.MAX_VALUE, Integer.MAX_VALUE, 0);
    evaluated.forEach(each -> ids.add(EventId.of(each.event()), Micros.of(each.clock())));
    rows.add(new StatePage.Rows.OfIds(ids.all()));
    List<StatePage> pages = new ArrayList<>();
    StatePage.pages(rows).forEach(pages::add);
    return pages;
  }

  private static byte[] packed(KeyText key) {
    StateWriter writer = new StateWriter();
    writer.key(key.key());
    writer.unsized(key.text());
    return writer.copy();
  }
}
