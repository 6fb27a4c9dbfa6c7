package dev.tocsin.triggers.keyed;

/**
 * The cells of keys in the order of their last change: a log to which a cell is appended at each
 * change. A cell stores its current position; its older entries are skipped, and dropped when the
 * log is full.
 */
final class UpdateOrder {

  /** In place of a position: the cell is not in the order. */
  static final int NONE = -1;

  private static final int FEW = 8;

  private final SlabPages cells;

  /** An entry is valid if the position of its cell is that entry. */
  private int[] order = {};

  /** No valid entry precedes it. */
  private int first;

  private int end;

  /** The first entry since {@link #handOver}. */
  private int changed;

  UpdateOrder(SlabPages cells) {
    this.cells = cells;
  }

  /** Makes a cell the one that changed last. */
  void add(int cell) {
    if (end == order.length) {
      makeRoom();
    }
    order[end] = cell;
    cells.setPosition(cell, end++);
  }

  /** The least recently changed cell, or {@link SlabPages#NONE}. */
  int oldest() {
    first = counting(first);
    return at(first);
  }

  /** The cell that changed next after this one, or {@link SlabPages#NONE}. */
  int newer(int cell) {
    return at(counting(cells.position(cell) + 1));
  }

  /** The least recently changed cell since {@link #handOver}, or {@link SlabPages#NONE}. */
  int firstChanged() {
    changed = counting(changed);
    return at(changed);
  }

  /** Marks all cells as unchanged. */
  void handOver() {
    changed = end;
  }

  private int at(int position) {
    return position == end ? SlabPages.NONE : order[position];
  }

  /** The first valid entry from a position, or the end. */
  private int counting(int from) {
    int position = from;
    while (position < end && cells.position(order[position]) != position) {
      position++;
    }
    return position;
  }

  /** Keeps only valid entries, with room for as many more. */
  private void makeRoom() {
    int[] next = new int[2 * cells.count() + FEW];
    int count = 0;
    int countChanged = 0;
    for (int position = counting(first); position < end; position = counting(position + 1)) {
      if (position < changed) {
        countChanged++;
      }
      int cell = order[position];
      next[count] = cell;
      cells.setPosition(cell, count++);
    }
    order = next;
    first = 0;
    end = count;
    changed = countChanged;
  }
}
