package dev.tocsin.triggers.keyed;

/**
 * The cells of keys in the order in which the keys last changed: a list to which a cell is added at
 * each change, so that to change a key touches little memory. A cell knows its position; where it
 * stood before is passed over, and dropped once there is much of that.
 */
final class UpdateOrder {

  /** In the place of a position: a cell does not stand here. */
  static final int NONE = -1;

  private static final int FEW = 8;

  private final SlabPages cells;

  /** A cell counts where its position is. */
  private int[] order = {};

  /** None that counts stands before. */
  private int first;

  private int end;

  /** Those from here on have changed since {@link #handOver}. */
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

  /** The one that has not changed for longest, or {@link SlabPages#NONE}. */
  int oldest() {
    first = counting(first);
    return at(first);
  }

  /** The one that changed next, or {@link SlabPages#NONE}. */
  int newer(int cell) {
    return at(counting(cells.position(cell) + 1));
  }

  /**
   * The one that has not changed for longest since {@link #handOver}, or {@link SlabPages#NONE}.
   */
  int firstChanged() {
    changed = counting(changed);
    return at(changed);
  }

  /** From now on none has changed. */
  void handOver() {
    changed = end;
  }

  private int at(int position) {
    return position == end ? SlabPages.NONE : order[position];
  }

  /** The first position from one on where what stands there counts, or the end. */
  private int counting(int from) {
    int position = from;
    while (position < end && cells.position(order[position]) != position) {
      position++;
    }
    return position;
  }

  /** Leaves in the order what counts, and room for as much. */
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
