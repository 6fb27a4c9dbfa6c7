package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.Patterns;

/** What the names of events are to a trigger. */
final class NameMatcher {

  private final Patterns expect;
  private final Patterns after;

  NameMatcher(EventTrigger trigger) {
    expect = new Patterns(trigger.expect());
    after = new Patterns(trigger.after());
  }

  /** Whether a name is expected; without {@code expect} every one is. */
  boolean expects(String name) {
    return expect.isEmpty() || expect.anyFits(name);
  }

  /** Whether a name is in {@code after}. */
  boolean opensOn(String name) {
    return after.anyFits(name);
  }
}
