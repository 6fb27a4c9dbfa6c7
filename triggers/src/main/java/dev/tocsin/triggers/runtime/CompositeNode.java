package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.CompoundTrigger;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.LabelReference;
import dev.tocsin.triggers.Micros;
import dev.tocsin.triggers.Reason;
import dev.tocsin.triggers.SequenceTrigger;
import dev.tocsin.triggers.State;
import dev.tocsin.triggers.keyed.KeyedStates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A compound or a sequence at work (semantics section 6). */
final class CompositeNode extends TriggerNode {

  private static final long NO_LIMIT = Long.MAX_VALUE;

  private final List<TriggerNode> children = new ArrayList<>();
  private final int size;
  private final int require;
  private final boolean inOrder;
  private final long within;
  private final KeyedStates<CompositeState> states;

  private CompositeNode(
      Place place,
      List<LabelReference> forEach,
      int size,
      int require,
      boolean inOrder,
      @Nullable Duration within,
      int maxKeys,
      RuntimeSettings settings) {
    super(place, forEach);
    this.size = size;
    this.require = require;
    this.inOrder = inOrder;
    this.within = within == null ? NO_LIMIT : Micros.of(within);
    long limit = this.within;
    long lapse = Micros.of(settings.lapse());
    this.states =
        KeyedStates.lapsing(
            maxKeys,
            settings.tableSeed(),
            CompositeState.codec(size),
            state -> state.lapses(limit, lapse));
  }

  static CompositeNode of(Place place, CompoundTrigger trigger, RuntimeSettings settings) {
    return new CompositeNode(
        place,
        trigger.forEach(),
        trigger.triggers().size(),
        trigger.require(),
        false,
        trigger.within(),
        trigger.maxKeys(),
        settings);
  }

  static CompositeNode of(Place place, SequenceTrigger trigger, RuntimeSettings settings) {
    int size = trigger.triggers().size();
    return new CompositeNode(
        place, trigger.forEach(), size, size, true, trigger.within(), trigger.maxKeys(), settings);
  }

  /** Adds the next child. */
  void add(TriggerNode child) {
    children.add(child);
  }

  @Override
  List<Firing> offer(EvaluatedEvent event, MatchSet coverage, long clock, StepBuilder ledger) {
    return inOrder
        ? offerAsOneStep(event, coverage, clock, ledger)
        : offerEach(event, coverage, clock, ledger);
  }

  private List<Firing> offerEach(
      EvaluatedEvent event, MatchSet coverage, long clock, StepBuilder ledger) {
    List<Firing> own = new ArrayList<>(0);
    for (int child = 0; child < size; child++) {
      for (Firing firing : children.get(child).offer(event, coverage, clock, ledger)) {
        add(accept(child, firing, clock, ledger), own);
      }
    }
    return own;
  }

  /** In a sequence one event is one step, for each key: of the firings it leads to one is kept. */
  private List<Firing> offerAsOneStep(
      EvaluatedEvent event, MatchSet coverage, long clock, StepBuilder ledger) {
    Map<BucketingKey, List<Step>> steps = new LinkedHashMap<>(2);
    for (int child = 0; child < size; child++) {
      for (Firing firing : children.get(child).offer(event, coverage, clock, ledger)) {
        if (firing.state() == State.TRIGGERED) {
          steps
              .computeIfAbsent(keyOf(firing), _ -> new ArrayList<>(1))
              .add(new Step(child, firing));
        }
      }
    }
    List<Firing> own = new ArrayList<>(0);
    steps.forEach(
        (key, made) -> {
          Step kept = furthest(key, made, clock);
          add(accept(kept.child(), kept.firing(), clock, ledger), own);
        });
    return own;
  }

  /** A child's firing, as a step of a sequence. */
  private record Step(int child, Firing firing) {}

  private Step furthest(BucketingKey key, List<Step> steps, long clock) {
    CompositeState state = states.get(states.seat(key), clock);
    for (int i = steps.size() - 1; i > 0; i--) {
      Step step = steps.get(i);
      if (step.child() == 0
          || (state != null
              && state
                  .recent(within, Micros.of(step.firing().triggered()))
                  .isInOrder(step.child()))) {
        return step;
      }
    }
    return steps.getFirst();
  }

  /**
   * Takes in a child's firing. Returns the firing of this composite that it completes, if it does.
   */
  @Nullable Firing accept(int child, Firing firing, long clock, StepBuilder ledger) {
    if (firing.state() != State.TRIGGERED) {
      return null;
    }
    KeyedStates.Seat seat = states.seat(keyOf(firing));
    CompositeState state = states.get(seat, clock);
    CompositeState before = state == null ? CompositeState.empty(size) : state;
    CompositeState after = before.with(child, firing, within);
    if (!after.holds(child, firing.id())) {
      return null;
    }
    int ready = inOrder ? after.inOrder() : after.count();
    if (ready >= require) {
      states.remove(seat);
      return fired(seat.key(), after, firing);
    }
    giveUp(states.put(seat, after.takenIn(clock), clock), ledger);
    if (place().parent() == null) {
      ledger.observe(
          automation(), seat.key(), Outcome.ADVANCED, new Progress.Triggers(ready, require));
    }
    return null;
  }

  @Override
  void activate(long clock, StepBuilder ledger) {
    children.forEach(child -> child.activate(clock, ledger));
  }

  @Override
  void clear() {
    states.clear();
    children.forEach(TriggerNode::clear);
  }

  @Override
  KeyedStates<CompositeState> states() {
    return states;
  }

  private Firing fired(BucketingKey key, CompositeState state, Firing completing) {
    List<Firing.Child> held = state.children();
    return new Firing(
        firingId(State.TRIGGERED, key, held.stream().map(Firing.Child::id).toList()),
        automation(),
        State.TRIGGERED,
        completing.triggered(),
        labels(key),
        completing.event(),
        held,
        new Reason.Children(
            held.size(),
            size,
            Micros.instant(state.oldest()),
            Micros.instant(state.newest()),
            inOrder),
        state.deepest(completing.causation()));
  }

  private BucketingKey keyOf(Firing firing) {
    List<String> values = new ArrayList<>(forEach().size());
    for (LabelReference reference : forEach()) {
      values.add(firing.labels().getOrDefault(reference.text(), ""));
    }
    return new BucketingKey(values);
  }

  private static void add(@Nullable Firing firing, List<Firing> to) {
    if (firing != null) {
      to.add(firing);
    }
  }
}
