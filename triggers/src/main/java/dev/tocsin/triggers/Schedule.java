package dev.tocsin.triggers;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When the keys of a runtime are due: by their state alone, or later where blind intervals move
 * that. A key is due at most once.
 */
final class Schedule {

  private final Deadlines deadlines = new Deadlines();
  private final Map<Place, Moved> moved = new HashMap<>();

  private record Place(int position, BucketingKey key) {
    static Place of(Deadlines.Due due) {
      return new Place(due.position(), due.key());
    }
  }

  /** When a key is due by its state alone, and when it is instead. */
  private record Moved(Deadlines.Due byState, Deadlines.Due instead) {}

  void add(Deadlines.Due byState) {
    deadlines.add(byState);
  }

  /** Removes what {@link #add} added, also if it has moved since. */
  void remove(Deadlines.Due byState) {
    Moved later = moved.isEmpty() ? null : moved.remove(Place.of(byState));
    deadlines.remove(later == null ? byState : later.instead());
  }

  /** Moves what is due to later. */
  void move(Deadlines.Due due, Deadlines.Due instead) {
    Moved before = moved.get(Place.of(due));
    moved.put(Place.of(due), new Moved(before == null ? due : before.byState(), instead));
    deadlines.remove(due);
    deadlines.add(instead);
  }

  /** Undoes every {@link #move}. */
  void moveBack() {
    for (Moved each : moved.values()) {
      deadlines.remove(each.instead());
      deadlines.add(each.byState());
    }
    moved.clear();
  }

  /** What is due next, if anything is. */
  Deadlines.@Nullable Due first() {
    return deadlines.first();
  }
}
