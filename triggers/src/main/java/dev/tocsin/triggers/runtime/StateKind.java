package dev.tocsin.triggers.runtime;

/**
 * The first byte of an encoded state: its kind in the low bits, flags above them. A later version
 * of a kind is another kind.
 */
final class StateKind {

  static final int SLIDING = 0x80;
  static final int OPEN = 0x81;
  static final int WATCHING = 0x82;
  static final int AWAITING = 0x83;
  static final int COMPOSITE = 0x84;

  /** The bits of the kind. */
  static final int MASK = 0x87;

  static final int FIRST_FLAG = 0x08;
  static final int SECOND_FLAG = 0x10;
  static final int THIRD_FLAG = 0x20;
  static final int FOURTH_FLAG = 0x40;

  private StateKind() {}
}
