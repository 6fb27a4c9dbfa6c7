package dev.tocsin.engine.store;

import java.util.List;

/**
 * What a repair does, or would do.
 *
 * @param setAside rows that are moved to the table {@code set_aside}
 * @param left rows that stay: a start copes with them
 * @param losesState whether all triggers start without state
 */
public record StoreRepair(
    List<UnreadableRow> setAside, List<UnreadableRow> left, boolean losesState) {

  /** Copies the lists. */
  public StoreRepair {
    setAside = List.copyOf(setAside);
    left = List.copyOf(left);
  }
}
