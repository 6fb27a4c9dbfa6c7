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
import dev.tocsin.triggers.keyed.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A compound or a sequence at work. */
final class CompositeNode extends TriggerNode {

  private final List<TriggerNode> children = new ArrayList<>();
  private final int size;
  private final int require;
  private final boolean inOrder;
  private final long within;
  private final KeyedStates<CompositeState> states;

  private CompositeNode(
      TreePath place,
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
    this.within = within == null ? Micros.NEVER : Micros.of(within);
    long limit = this.within;
    long lapse = Micros.of(settings.lapse());
    this.states =
        KeyedStates.lapsing(
            maxKeys,
            settings.tableSeed(),
            CompositeState.codec(size),
            state -> state.lapses(limit, lapse));
  }

  static CompositeNode of(TreePath place, CompoundTrigger trigger, RuntimeSettings settings) {
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

  static CompositeNode of(TreePath place, SequenceTrigger trigger, RuntimeSettings settings) {
    int size = trigger.triggers().size();
    return new CompositeNode(
        place, trigger.forEach(), size, size, true, trigger.within(), trigger.maxKeys(), settings);
  }

  /** Adds the next child. */
  void add(TriggerNode child) {
    children.add(child);
  }

  @Override
  List<Firing> offer(EvaluatedEvent event, long clock, StepBuilder step) {
    return inOrder ? offerAsOneStep(event, clock, step) : offerEach(event, clock, step);
  }

  private List<Firing> offerEach(EvaluatedEvent event, long clock, StepBuilder step) {
    List<Firing> own = new ArrayList<>(0);
    for (int child = 0; child < size; child++) {
      for (Firing firing : children.get(child).offer(event, clock, step)) {
        add(accept(child, firing, clock, step), own);
      }
    }
    return own;
  }

  /** In a sequence one event is one step per key: of the firings it leads to, one is kept. */
  private List<Firing> offerAsOneStep(EvaluatedEvent event, long clock, StepBuilder step) {
    Map<BucketingKey, List<ChildFiring>> byKey = new LinkedHashMap<>(2);
    for (int child = 0; child < size; child++) {
      for (Firing firing : children.get(child).offer(event, clock, step)) {
        if (firing.state() == State.TRIGGERED) {
          byKey
              .computeIfAbsent(keyOf(firing), _ -> new ArrayList<>(1))
              .add(new ChildFiring(child, firing));
        }
      }
    }
    List<Firing> own = new ArrayList<>(0);
    byKey.forEach(
        (key, made) -> {
          ChildFiring kept = furthest(key, made, clock);
          add(accept(kept.child(), kept.firing(), clock, step), own);
        });
    return own;
  }

  /** A firing of a child. */
  private record ChildFiring(int child, Firing firing) {}

  /**
   * Of the firings that one event led to, the one of the last child that continues the sequence, or
   * of the first child.
   */
  private ChildFiring furthest(BucketingKey key, List<ChildFiring> made, long clock) {
    CompositeState state = states.get(states.slot(key), clock);
    for (ChildFiring next : made.subList(1, made.size()).reversed()) {
      long time = Micros.of(next.firing().triggered());
      if (next.child() == 0
          || (state != null && state.recent(within, time).isInOrder(next.child()))) {
        return next;
      }
    }
    return made.getFirst();
  }

  /**
   * Records a child's firing. Returns the firing of this composite if that completes it, or null.
   */
  @Nullable Firing accept(int child, Firing firing, long clock, StepBuilder step) {
    if (firing.state() != State.TRIGGERED) {
      return null;
    }
    Slot<CompositeState> slot = states.slot(keyOf(firing));
    CompositeState state = states.get(slot, clock);
    CompositeState before = state == null ? CompositeState.empty(size) : state;
    CompositeState after = before.with(child, firing, within);
    if (!after.holds(child, firing.id())) {
      return null;
    }
    int ready = inOrder ? after.inOrder() : after.count();
    if (ready >= require) {
      states.remove(slot);
      return fired(slot.key(), after, firing);
    }
    keepWithinBounds(states.put(slot, after.updated(clock), clock), clock, step);
    if (place().parent() == null) {
      step.observe(
          automation(), slot.key(), Outcome.ADVANCED, new FiringProgress.Triggers(ready, require));
    }
    return null;
  }

  @Override
  void activate(long clock, StepBuilder step) {
    children.forEach(child -> child.activate(clock, step));
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
