package dev.tocsin.engine;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Heaps of the real process, in MB: {@code -Dtocsin.heaps=128,256,512}; one by default. */
final class TestHeaps {

  /** For {@code MethodSource}. */
  static final String SOURCE = "dev.tocsin.engine.TestHeaps#megabytes";

  private TestHeaps() {}

  static IntStream megabytes() {
    return Arrays.stream(System.getProperty("tocsin.heaps", "256").split(",", -1))
        .mapToInt(Integer::parseInt);
  }
}
