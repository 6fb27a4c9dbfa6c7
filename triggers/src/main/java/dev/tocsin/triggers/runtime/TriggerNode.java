package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.DerivedId;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.LabelReference;
import dev.tocsin.triggers.State;
import dev.tocsin.triggers.keyed.KeyedStates;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A trigger at work: a node in the tree of its automation's trigger. */
abstract sealed class TriggerNode permits EventTriggerNode, CompositeNode {

  private final TreePath place;
  private final List<LabelReference> forEach;
  private @Nullable StateLimit limit;

  TriggerNode(TreePath place, List<LabelReference> forEach) {
    this.place = place;
    this.forEach = forEach;
  }

  /**
   * Where a node is in the tree of its automation.
   *
   * @param automation id of the automation
   * @param path fingerprint of the triggers from the root to the node, and of its position among
   *     equal siblings
   * @param identity what the state is stored under, across restarts and edits
   * @param parent the composite whose child the node is, null for the root
   * @param child index among the children of the parent
   */
  record TreePath(
      String automation, String path, String identity, @Nullable CompositeNode parent, int child) {

    static TreePath root(String automation, String fingerprint) {
      return new TreePath(automation, fingerprint, identity(automation, fingerprint), null, 0);
    }

    /** The place of a child that has {@code twins} equal siblings before it. */
    TreePath below(CompositeNode parent, int child, String fingerprint, int twins) {
      String below = DerivedId.of("path", path, fingerprint, Integer.toString(twins));
      return new TreePath(automation, below, identity(automation, below), parent, child);
    }

    /** The identity of the trigger with a path, in the automation with an id. */
    static String identity(String automation, String path) {
      return DerivedId.of("identity", automation, path);
    }
  }

  TreePath place() {
    return place;
  }

  String automation() {
    return place.automation();
  }

  String identity() {
    return place.identity();
  }

  List<LabelReference> forEach() {
    return forEach;
  }

  /**
   * Evaluates an event that this trigger or a child of it matches. Returns its firings, in order.
   */
  abstract List<Firing> offer(EvaluatedEvent event, long clock, StepBuilder step);

  /** Starts watching, at an instant. */
  abstract void activate(long clock, StepBuilder step);

  /** Drops all state, including that of the children. */
  abstract void clear();

  /** The states of its own keys. */
  abstract KeyedStates<?> states();

  /** Its states are bounded together with those of other triggers. */
  final void limitBy(StateLimit shared) {
    limit = shared;
  }

  /** Evicts keys until the bounds hold again, after states were restored. */
  final void evict(long clock, StepBuilder step) {
    keepWithinBounds(states().evict(clock), clock, step);
  }

  /**
   * After a state was put: reports the keys evicted for it, and evicts more if all take too much.
   */
  final void keepWithinBounds(List<BucketingKey> evicted, long clock, StepBuilder step) {
    evicted.forEach(key -> report(key, step));
    if (limit != null) {
      limit.enforce(clock, step);
    }
  }

  /** Reports that a key was evicted. */
  final void report(BucketingKey evicted, StepBuilder step) {
    step.evict(automation(), evicted, labels(evicted));
  }

  /** The number of keys whose state has not lapsed, without those of the children. */
  final int keys(long clock) {
    states().dropLapsed(clock, Integer.MAX_VALUE);
    return states().size();
  }

  /** Hands a firing that no event led to up the tree; that of the root becomes part of the step. */
  final void propagate(Firing firing, long clock, StepBuilder step) {
    CompositeNode parent = place.parent();
    if (parent == null) {
      step.fire(firing);
    } else if (firing.state() == State.TRIGGERED) {
      Firing next = parent.accept(place.child(), firing, clock, step);
      if (next != null) {
        parent.propagate(next, clock, step);
      }
    }
  }

  /** The triggering labels of a key. */
  final Map<String, String> labels(BucketingKey key) {
    if (forEach.size() == 1) {
      return Collections.singletonMap(forEach.getFirst().text(), key.values().getFirst());
    }
    Map<String, String> labels = new LinkedHashMap<>();
    for (int i = 0; i < forEach.size(); i++) {
      labels.put(forEach.get(i).text(), key.values().get(i));
    }
    return labels;
  }

  /** The id of a firing of a key, derived from what made it fire. */
  final String firingId(State state, BucketingKey key, List<String> causes) {
    DerivedId id = new DerivedId("firing").with(identity()).with(state.label());
    causes.forEach(id::with);
    key.values().forEach(id::with);
    return id.text();
  }
}
