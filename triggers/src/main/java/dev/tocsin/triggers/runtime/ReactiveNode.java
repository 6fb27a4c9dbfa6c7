package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.Micros;
import dev.tocsin.triggers.Reason;
import dev.tocsin.triggers.State;
import dev.tocsin.triggers.keyed.KeyedStates;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A Reactive trigger at work: its machine, and the state of its keys. */
final class ReactiveNode extends EventTriggerNode {

  /** Most lapsed keys freed for one event, so that a backlog of them is spread over many. */
  private static final int SWEEP = 4;

  private final ReactiveMachine machine;
  private final KeyedStates<ReactiveState> states;

  ReactiveNode(Place place, EventTrigger trigger, int position, RuntimeSettings settings) {
    super(place, trigger, position, settings);
    this.machine = new ReactiveMachine(trigger, names());
    long lapse = Micros.of(settings.lapse());
    this.states =
        KeyedStates.lapsing(
            trigger.maxKeys(),
            settings.tableSeed(),
            ReactiveState.CODEC,
            state -> state.lapses(machine.within(), lapse));
  }

  @Override
  KeyedStates.Seat seat(BucketingKey key, long clock) {
    states.dropLapsed(clock, SWEEP);
    return states.seat(key);
  }

  @Override
  List<Firing> take(EvaluatedEvent event, KeyedStates.Seat seat, long clock, StepBuilder ledger) {
    ReactiveState state = states.get(seat, clock);
    BucketingKey key = seat.key();
    ReactiveMachine.Transition transition =
        machine.offer(state, event.event().name(), event.occurred(), clock);
    if (!Objects.equals(transition.state(), state)) {
      keep(seat, transition.state(), clock, ledger);
    }
    Reason reason = transition.reason();
    if (reason == null) {
      ledger.observe(automation(), key, transition.outcome(), progress(transition));
      return List.of();
    }
    List<Firing> fired = fire(State.TRIGGERED, key, event, reason, ledger);
    if (!fired.isEmpty()) {
      ledger.observe(automation(), key, Outcome.FIRED, new Progress.Complete(reason));
    }
    return fired;
  }

  private Progress progress(ReactiveMachine.Transition transition) {
    ReactiveState state = transition.state();
    if (state == null || transition.outcome() != Outcome.COUNTED) {
      return Progress.NONE;
    }
    int counted =
        switch (state) {
          case ReactiveState.Sliding sliding -> sliding.counted().size();
          case ReactiveState.Open open -> open.counted();
        };
    return new Progress.Events(counted, trigger().threshold());
  }

  @Override
  void activate(long clock, StepBuilder ledger) {}

  @Override
  void clear() {
    states.clear();
  }

  @Override
  KeyedStates<ReactiveState> states() {
    return states;
  }

  private void keep(
      KeyedStates.Seat seat, @Nullable ReactiveState state, long clock, StepBuilder ledger) {
    if (state == null) {
      states.remove(seat);
      return;
    }
    giveUp(states.put(seat, state, clock), ledger);
  }
}
