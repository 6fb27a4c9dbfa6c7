package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.Micros;
import dev.tocsin.triggers.Reason;
import dev.tocsin.triggers.State;
import dev.tocsin.triggers.keyed.KeyedStates;
import dev.tocsin.triggers.keyed.Slot;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A Reactive trigger at work: its machine, and the states of its keys. */
final class ReactiveNode extends EventTriggerNode {

  /** The maximum number of lapsed keys freed per event: a backlog is spread over many events. */
  private static final int MAX_DROPPED = 4;

  private final ReactiveMachine machine;
  private final KeyedStates<ReactiveState> states;
  private @Nullable Slot<ReactiveState> matched;

  ReactiveNode(TreePath place, EventTrigger trigger, RuntimeSettings settings) {
    super(place, trigger, settings);
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
  void beginMatch(BucketingKey key, long clock) {
    states.dropLapsed(clock, MAX_DROPPED);
    matched = states.slot(key);
  }

  @Override
  void endMatch() {
    matched = null;
  }

  @Override
  List<Firing> offer(EvaluatedEvent event, long clock, StepBuilder step) {
    Slot<ReactiveState> slot = matched;
    if (slot == null) {
      return List.of();
    }
    ReactiveState state = states.get(slot, clock);
    ReactiveMachine.ReactiveTransition transition =
        machine.offer(state, event.event().name(), event.occurred(), clock);
    if (!Objects.equals(transition.state(), state)) {
      keep(slot, transition.state(), clock, step);
    }
    Reason reason = transition.reason();
    if (reason == null) {
      step.observe(automation(), slot.key(), transition.outcome(), progress(transition));
      return List.of();
    }
    List<Firing> fired = fire(State.TRIGGERED, slot.key(), event, reason, step);
    if (!fired.isEmpty()) {
      step.observe(automation(), slot.key(), Outcome.FIRED, new FiringProgress.Complete(reason));
    }
    return fired;
  }

  private FiringProgress progress(ReactiveMachine.ReactiveTransition transition) {
    ReactiveState state = transition.state();
    if (state == null || transition.outcome() != Outcome.COUNTED) {
      return FiringProgress.NONE;
    }
    int counted =
        switch (state) {
          case ReactiveState.Sliding sliding -> sliding.counted().size();
          case ReactiveState.Open open -> open.counted();
        };
    return new FiringProgress.Events(counted, trigger().threshold());
  }

  @Override
  void activate(long clock, StepBuilder step) {}

  @Override
  void clear() {
    states.clear();
  }

  @Override
  KeyedStates<ReactiveState> states() {
    return states;
  }

  private void keep(
      Slot<ReactiveState> slot, @Nullable ReactiveState state, long clock, StepBuilder step) {
    if (state == null) {
      states.remove(slot);
    } else {
      keepWithinBounds(states.put(slot, state, clock), clock, step);
    }
  }
}
