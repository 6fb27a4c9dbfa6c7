package dev.tocsin.triggers.keyed;

import dev.tocsin.triggers.BucketingKey;
import org.jspecify.annotations.Nullable;

/**
 * One key among {@link KeyedStates}: it is looked up once and its state is decoded once for all
 * that one entry does to the key. Only for the states that made it.
 *
 * @param <S> the state of a key
 */
public final class Slot<S> {

  private final BucketingKey key;
  private final byte[] packedKey;
  private final int hash;
  private int cell;
  private int version;
  private @Nullable S state;

  Slot(BucketingKey key, byte[] packedKey, int hash, int cell, int version) {
    this.key = key;
    this.packedKey = packedKey;
    this.hash = hash;
    this.cell = cell;
    this.version = version;
  }

  /** The key, whether or not it has a state. */
  public BucketingKey key() {
    return key;
  }

  byte[] packedKey() {
    return packedKey;
  }

  int hash() {
    return hash;
  }

  /** The cell of the key as of {@link #version}, or {@link SlabPages#NONE}. */
  int cell() {
    return cell;
  }

  /** The version of the states that {@link #cell} and {@link #state} are of. */
  int version() {
    return version;
  }

  /** The state last read or written, null if it was not read yet. */
  @Nullable S state() {
    return state;
  }

  void setState(S known) {
    state = known;
  }

  void update(int newCell, int newVersion, @Nullable S newState) {
    cell = newCell;
    version = newVersion;
    state = newState;
  }
}
