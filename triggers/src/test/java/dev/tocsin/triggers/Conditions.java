package dev.tocsin.triggers;

import java.util.function.Function;

/** Conditions by hand, in place of an expression language. */
public final class Conditions {

  private Conditions() {}

  public static Condition of(String text, Function<Event, Condition.Truth> test) {
    return new Condition() {
      @Override
      public String text() {
        return text;
      }

      @Override
      public Truth test(Event event) {
        return test.apply(event);
      }
    };
  }

  /** Holds for ids of three characters or more, is faulty for one of one. */
  public static Condition longId() {
    return of(
        "size(event.id) > 2",
        event ->
            switch (event.id().length()) {
              case 1 -> new Condition.Truth.Unevaluable("too short to say");
              case 2 -> new Condition.Truth.Fails();
              default -> new Condition.Truth.Holds();
            });
  }
}
