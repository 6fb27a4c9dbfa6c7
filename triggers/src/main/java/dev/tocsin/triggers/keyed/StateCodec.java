package dev.tocsin.triggers.keyed;

/**
 * How states of one kind are held and stored: as bytes that name their kind and version first, so
 * that a later version can still read them.
 *
 * @param <S> the state of a key
 */
public interface StateCodec<S> {

  /** The maximum number of instants or firings of a state that is encoded at every change. */
  int MAX_ENCODED = 32;

  /** Encodes a state. */
  void write(S state, StateWriter to);

  /** Decodes a state from all bytes that are left. */
  S read(StateReader from);

  /**
   * Whether a state is held as an object, since encoding it at every change would take too long.
   */
  boolean isLarge(S state);

  /** Roughly how many bytes a large state takes. */
  long bytes(S state);

  /** Writes instants, the first as the difference to {@code base}, then each to the one before. */
  static void write(Instants instants, long base, StateWriter to) {
    to.number(instants.size());
    long before = base;
    for (int i = 0; i < instants.size(); i++) {
      to.near(instants.at(i), before);
      before = instants.at(i);
    }
  }

  /** Reads what {@link #write(Instants, long, StateWriter)} wrote. */
  static Instants instants(long base, StateReader from) {
    int size = from.count();
    if (size == 0) {
      return Instants.NONE;
    }
    if (size > from.left()) {
      throw StateReader.unreadable();
    }
    // Room for one more, which is the usual next change.
    long[] values = new long[size + 1];
    long before = base;
    for (int i = 0; i < size; i++) {
      before = from.near(before);
      values[i] = before;
    }
    return Instants.of(values, size);
  }
}
