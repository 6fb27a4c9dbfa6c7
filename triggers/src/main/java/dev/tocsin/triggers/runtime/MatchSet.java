package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.keyed.KeyedStates;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which event triggers cover one event, and the seat of the key that it has for each. Used for one
 * event after the other.
 */
final class MatchSet {

  private int[] positions = {};
  private KeyedStates.@Nullable Seat[] seats = {};
  private int count;

  /** Makes room for so many triggers, none of which is covered. */
  void begin(int most) {
    Arrays.fill(seats, 0, count, null);
    count = 0;
    if (most > positions.length) {
      positions = new int[most];
      seats = new KeyedStates.@Nullable Seat[most];
    }
  }

  /** Adds a trigger; positions ascend. */
  void add(int position, KeyedStates.Seat seat) {
    positions[count] = position;
    seats[count++] = seat;
  }

  int size() {
    return count;
  }

  int position(int i) {
    return positions[i];
  }

  KeyedStates.Seat seat(int i) {
    KeyedStates.Seat seat = seats[i];
    if (seat == null) {
      throw new IndexOutOfBoundsException(i);
    }
    return seat;
  }

  /** The seat of the event's key for the trigger at a position, or null where it is not covered. */
  KeyedStates.@Nullable Seat seatAt(int position) {
    int found = Arrays.binarySearch(positions, 0, count, position);
    return found < 0 ? null : seats[found];
  }
}
