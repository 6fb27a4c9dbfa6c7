package dev.tocsin.triggers;

/**
 * The {@code where} of a trigger: an expression over an event, compiled by whoever reads triggers.
 */
public interface Condition {

  /** The expression as written; two conditions of one text mean the same. */
  String text();

  /** Evaluates; never throws. An expression that cannot be evaluated is false, with the reason. */
  Truth test(Event event);

  /** What an evaluation gave. */
  sealed interface Truth {

    /** The expression is true. */
    record Holds() implements Truth {}

    /** The expression is false. */
    record Fails() implements Truth {}

    /**
     * The expression could not be evaluated, which counts as false.
     *
     * @param reason what was missing or wrong
     */
    record Unevaluable(String reason) implements Truth {}
  }
}
