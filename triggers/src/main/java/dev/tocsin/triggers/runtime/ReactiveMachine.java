package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.Micros;
import dev.tocsin.triggers.Reason;
import dev.tocsin.triggers.keyed.Instants;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of one key of a Reactive trigger: it fires once {@code threshold} expected
 * events occurred within a window, then starts over. A pure function of state, event and engine
 * clock. Times are microseconds.
 */
final class ReactiveMachine {

  private final EventTrigger trigger;
  private final NameMatcher names;
  private final long within;

  ReactiveMachine(EventTrigger trigger, NameMatcher names) {
    this.trigger = trigger;
    this.names = names;
    this.within = Micros.of(trigger.within());
  }

  /**
   * The result of an event.
   *
   * @param state the new state; null removes it
   * @param reason why it fires; null if it does not
   */
  record ReactiveTransition(
      @Nullable ReactiveState state, Outcome outcome, @Nullable Reason reason) {}

  long within() {
    return within;
  }

  /** Processes a matching event; {@code state} has not lapsed. */
  ReactiveTransition offer(@Nullable ReactiveState state, String name, long occurred, long clock) {
    if (!trigger.after().isEmpty()) {
      return offerAfter((ReactiveState.Open) state, name, occurred, clock);
    }
    if (within == 0) {
      return new ReactiveTransition(null, Outcome.FIRED, new Reason.Matched(name));
    }
    ReactiveState.Sliding sliding =
        state == null ? ReactiveState.Sliding.FRESH : (ReactiveState.Sliding) state;
    return slide(sliding, occurred, clock);
  }

  private ReactiveTransition slide(ReactiveState.Sliding state, long occurred, long clock) {
    if (occurred < state.quietUntil()) {
      return new ReactiveTransition(state, Outcome.QUIET, null);
    }
    if (!state.counted().isEmpty() && occurred <= state.counted().newest() - within) {
      return new ReactiveTransition(state, Outcome.LATE, null);
    }
    Instants with = state.counted().with(occurred);
    Instants counted = with.laterThan(with.newest() - within);
    if (counted.size() < trigger.threshold()) {
      return new ReactiveTransition(
          new ReactiveState.Sliding(counted, state.quietUntil(), clock), Outcome.COUNTED, null);
    }
    return new ReactiveTransition(
        new ReactiveState.Sliding(Instants.NONE, counted.oldest() + within, clock),
        Outcome.FIRED,
        new Reason.Counted(
            counted.size(),
            Micros.instant(counted.oldest()),
            Micros.instant(counted.newest()),
            trigger.within()));
  }

  private ReactiveTransition offerAfter(
      ReactiveState.@Nullable Open window, String name, long occurred, long clock) {
    boolean opens = names.opensOn(name);
    if (window == null || (within != 0 && occurred >= window.opened() + within)) {
      return opens
          ? new ReactiveTransition(new ReactiveState.Open(occurred, 0, clock), Outcome.OPENED, null)
          : new ReactiveTransition(window, Outcome.NOT_OPEN, null);
    }
    if (!names.expects(name)) {
      return new ReactiveTransition(window, Outcome.ALREADY_OPEN, null);
    }
    if (occurred < window.opened()) {
      return new ReactiveTransition(window, opens ? Outcome.ALREADY_OPEN : Outcome.NOT_OPEN, null);
    }
    int counted = window.counted() + 1;
    if (counted < trigger.threshold()) {
      return new ReactiveTransition(
          new ReactiveState.Open(window.opened(), counted, clock), Outcome.COUNTED, null);
    }
    return new ReactiveTransition(
        null,
        Outcome.FIRED,
        new Reason.Followed(
            counted, Micros.instant(window.opened()), Micros.instant(occurred), trigger.within()));
  }
}
