package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.keyed.EvaluatedIds;
import dev.tocsin.triggers.keyed.StateChanges;
import dev.tocsin.triggers.keyed.StateReader;
import dev.tocsin.triggers.keyed.StateWriter;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a {@link Checkpoint} as bytes for a store: for each key of a trigger its values and
 * state, removed keys, and ids that were evaluated. About 100 kB and at most {@value #MAX_ROWS}
 * rows; a single state may be larger.
 */
public final class StatePage {

  /** Maximum number of rows in a page. */
  public static final int MAX_ROWS = 2_000;

  private static final int MOST_BYTES = 100_000;
  private static final int OWNER = 1;
  private static final int CLEARED = 2;
  private static final int GONE = 3;
  private static final int KEY = 4;
  private static final int EVALUATED = 5;

  private final byte[] bytes;

  private StatePage(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The page of these {@link #bytes}. The array is not copied and must not be changed. */
  public static StatePage of(byte[] bytes) {
    return new StatePage(bytes);
  }

  /** The bytes themselves, not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** Visits every row, in order. */
  public interface Visitor {

    /** The rows that follow belong to the trigger with this identity. */
    void owner(String identity);

    /** All keys of the owner are removed. */
    void cleared();

    /** A key of the owner is removed. */
    void gone(byte[] key);

    /** A key of the owner, and its state. */
    void key(byte[] packed);

    /** An event was evaluated. */
    void evaluated(long high, long low, long clock);
  }

  /** Visits every row. Refuses bytes that are not a page. */
  public void visit(Visitor visitor) {
    StateReader reader = new StateReader(bytes, 0, bytes.length);
    while (reader.hasMore()) {
      switch (reader.octet()) {
        case OWNER -> visitor.owner(reader.text());
        case CLEARED -> visitor.cleared();
        case GONE -> visitor.gone(reader.raw(reader.count()));
        case KEY -> visitor.key(reader.raw(reader.count()));
        case EVALUATED -> visitor.evaluated(reader.fixed(), reader.fixed(), reader.near(0));
        default -> throw StateReader.unreadable();
      }
    }
  }

  /** Rows of one kind that pages are made of. Immutable. */
  public sealed interface RowSource {

    int count();

    void write(int index, StateWriter row, StateWriter to);

    /** The changed keys of one trigger. */
    record OfKeys(String owner, StateChanges<?> changes) implements RowSource {

      @Override
      public int count() {
        return changes.rows();
      }

      @Override
      public void write(int index, StateWriter row, StateWriter to) {
        int next = index;
        if (changes.isCleared() && next-- == 0) {
          to.octet(CLEARED);
        } else if (next < changes.gone().size()) {
          row.raw(changes.gone().get(next));
          to.octet(GONE);
          append(row, to);
        } else {
          changes.write(next - changes.gone().size(), row);
          to.octet(KEY);
          append(row, to);
        }
      }
    }

    /** Ids that were evaluated. */
    record OfIds(EvaluatedIds.Known known) implements RowSource {

      @Override
      public int count() {
        return known.count();
      }

      @Override
      public void write(int index, StateWriter row, StateWriter to) {
        to.octet(EVALUATED);
        known.write(index, to);
      }
    }

    private static void append(StateWriter row, StateWriter to) {
      to.number(row.length());
      to.raw(row.shared(), 0, row.length());
    }
  }

  /** Pages of rows. Each iteration encodes them again, each when it is requested. */
  public static Iterable<StatePage> pages(List<RowSource> rows) {
    return () -> new Pages(rows.iterator());
  }

  private static final class Pages implements Iterator<StatePage> {

    private final Iterator<RowSource> left;
    private final StateWriter page = new StateWriter();
    private final StateWriter row = new StateWriter();
    private @Nullable RowSource current;
    private int index;

    Pages(Iterator<RowSource> rows) {
      left = rows;
      settle();
    }

    @Override
    public boolean hasNext() {
      return current != null;
    }

    @Override
    public StatePage next() {
      if (current == null) {
        throw new NoSuchElementException();
      }
      page.reset();
      for (int count = 0;
          current != null && count < MAX_ROWS && page.length() < MOST_BYTES;
          count++) {
        if ((count == 0 || index == 0) && current instanceof RowSource.OfKeys keys) {
          page.octet(OWNER);
          page.text(keys.owner());
        }
        current.write(index++, row.reset(), page);
        settle();
      }
      return new StatePage(page.copy());
    }

    /** Moves to the next rows when none of these are left. */
    private void settle() {
      while ((current == null || index == current.count()) && left.hasNext()) {
        current = left.next();
        index = 0;
      }
      if (current != null && index == current.count()) {
        current = null;
      }
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StatePage that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "page of " + bytes.length + " bytes";
  }
}
