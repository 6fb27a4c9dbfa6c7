package dev.tocsin.triggers.keyed;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Eight bytes of an array, or four, as one number. */
final class ByteViews {

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final VarHandle EIGHT_FROM_LOWEST =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle FOUR =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private ByteViews() {}

  static int four(byte[] bytes, int at) {
    return (int) FOUR.get(bytes, at);
  }

  static void put(byte[] bytes, int at, int four) {
    FOUR.set(bytes, at, four);
  }

  /** The first of them the lowest. */
  static long eightFromLowest(byte[] bytes, int at) {
    return (long) EIGHT_FROM_LOWEST.get(bytes, at);
  }

  static void putFromLowest(byte[] bytes, int at, long eight) {
    EIGHT_FROM_LOWEST.set(bytes, at, eight);
  }

  /** The first of them the highest. */
  static long eight(byte[] bytes, int at) {
    return (long) EIGHT.get(bytes, at);
  }

  static void put(byte[] bytes, int at, long eight) {
    EIGHT.set(bytes, at, eight);
  }

  /**
   * The eight bytes at a place of what begins and ends at two others; where fewer are left, the
   * last eight of it, or all where it has no eight. With its length, these of every eighth place
   * tell it apart.
   */
  static long eightOfRest(byte[] bytes, int begin, int at, int end) {
    if (end - at >= Long.BYTES) {
      return eight(bytes, at);
    }
    if (end - begin >= Long.BYTES) {
      return eight(bytes, end - Long.BYTES);
    }
    long rest = 0;
    for (int i = at; i < end; i++) {
      rest = rest << Byte.SIZE | (bytes[i] & 0xff);
    }
    return rest;
  }
}
