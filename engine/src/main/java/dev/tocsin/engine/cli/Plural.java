package dev.tocsin.engine.cli;

/** Counts with their noun: {@code 1 error}, {@code 2 errors}, {@code 0 errors}. */
final class Plural {

  private Plural() {}

  /** A count of a noun whose plural ends in s. */
  static String of(long count, String noun) {
    return of(count, noun, noun + "s");
  }

  /** The noun alone, in the number of the count; its plural ends in s. */
  static String noun(long count, String noun) {
    return count == 1 ? noun : noun + "s";
  }

  /** A count of a noun with any plural. Digits are in groups of three. */
  static String of(long count, String noun, String plural) {
    return "%,d %s".formatted(count, count == 1 ? noun : plural);
  }
}
