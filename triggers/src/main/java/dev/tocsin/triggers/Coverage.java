package dev.tocsin.triggers;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Which event triggers cover one event, and the seat of the key that it has for each. */
final class Coverage {

  private final int[] positions;
  private final KeyedStates.Seat[] seats;
  private int count;

  /**
   * Room for these candidates at most. The array is taken over: who adds them one after the other
   * has read each before its place is written.
   */
  Coverage(int[] candidates) {
    positions = candidates;
    seats = new KeyedStates.Seat[candidates.length];
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
    return seats[i];
  }

  /** The seat of the event's key for the trigger at a position, or null where it is not covered. */
  KeyedStates.@Nullable Seat seatAt(int position) {
    int found = Arrays.binarySearch(positions, 0, count, position);
    return found < 0 ? null : seats[found];
  }
}
