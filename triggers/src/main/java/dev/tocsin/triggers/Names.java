package dev.tocsin.triggers;

/** What the names of events are to a trigger. */
final class Names {

  private final Patterns expect;
  private final Patterns after;

  Names(EventTrigger trigger) {
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
