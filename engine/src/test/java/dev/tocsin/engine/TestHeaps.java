package dev.tocsin.engine;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Heaps of the real process. */
final class TestHeaps {

  private TestHeaps() {}

  /** In MB, as a system property lists them, such as {@code 128,256,512}; one by default. */
  static IntStream megabytes(String property) {
    return Arrays.stream(System.getProperty(property, "256").split(",", -1))
        .mapToInt(Integer::parseInt);
  }
}
