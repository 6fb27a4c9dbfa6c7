package dev.tocsin.triggers.keyed;

/**
 * How states of one kind are held and stored: as bytes that say their kind and version first, so
 * that a later version reads them.
 *
 * @param <S> what is remembered of a key
 */
public interface StateCodec<S> {

  /** The low bits of the first octet are the kind, those above it flags. */
  int SLIDING = 0x80;

  int OPEN = 0x81;
  int WATCHING = 0x82;
  int AWAITING = 0x83;
  int COMPOSITE = 0x84;
  int KIND = 0x87;

  int FIRST_FLAG = 0x08;
  int SECOND_FLAG = 0x10;
  int THIRD_FLAG = 0x20;
  int FOURTH_FLAG = 0x40;

  /** A state of more instants or firings is held as it is. */
  int MOST_WRITTEN = 32;

  void write(S state, StateWriter to);

  /** Reads all that is left. */
  S read(StateReader from);

  /** Whether a state is held as it is, since to write it at each change would take too long. */
  boolean isLarge(S state);

  /** About how many bytes a state takes that is large. */
  long bytes(S state);

  /** Instants after a first time, each as the difference to the one before. */
  static void write(Instants instants, long first, StateWriter to) {
    to.number(instants.size());
    long before = first;
    for (int i = 0; i < instants.size(); i++) {
      to.near(instants.at(i), before);
      before = instants.at(i);
    }
  }

  static Instants instants(long first, StateReader from) {
    int size = from.count();
    if (size == 0) {
      return Instants.NONE;
    }
    if (size > from.left()) {
      throw StateReader.unreadable();
    }
    // Most often one more comes.
    long[] values = new long[size + 1];
    long before = first;
    for (int i = 0; i < size; i++) {
      before = from.near(before);
      values[i] = before;
    }
    return Instants.of(values, size);
  }
}
