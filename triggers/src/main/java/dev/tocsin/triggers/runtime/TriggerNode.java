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

/** A trigger at work, in the tree of its automation's trigger. */
abstract sealed class TriggerNode permits EventTriggerNode, CompositeNode {

  private final Place place;
  private final List<LabelReference> forEach;

  TriggerNode(Place place, List<LabelReference> forEach) {
    this.place = place;
    this.forEach = forEach;
  }

  /**
   * Where a trigger stands.
   *
   * @param automation id of the automation
   * @param path of meanings down to it, and its place among equal siblings, as a fingerprint
   * @param identity what state is kept by, across restarts and edits (semantics section 9)
   * @param parent the composite that this is a child of, if any
   * @param child which child of it
   */
  record Place(
      String automation, String path, String identity, @Nullable CompositeNode parent, int child) {

    static Place root(String automation, String meaning) {
      return new Place(automation, meaning, identity(automation, meaning), null, 0);
    }

    /** The place of a child; {@code twins} equal siblings stand before it. */
    Place below(CompositeNode parent, int child, String meaning, int twins) {
      String below = DerivedId.of("path", path, meaning, Integer.toString(twins));
      return new Place(automation, below, identity(automation, below), parent, child);
    }

    /** The identity that a trigger has under an automation's id. */
    static String identity(String automation, String path) {
      return DerivedId.of("identity", automation, path);
    }
  }

  Place place() {
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

  /** Takes in an event where it or a child covers it. Returns its firings, in order. */
  abstract List<Firing> offer(
      EvaluatedEvent event, MatchSet coverage, long clock, StepBuilder ledger);

  /** Begins to watch, at an instant. */
  abstract void activate(long clock, StepBuilder ledger);

  /** Drops all state, of its children too. */
  abstract void clear();

  /** The state of its own keys. */
  abstract KeyedStates<?> states();

  /** After states were restored: gives up what is more than it may hold. */
  void settle(long clock, StepBuilder ledger) {
    giveUp(states().settle(clock), ledger);
  }

  /** Says which keys were given up. */
  final void giveUp(List<BucketingKey> keys, StepBuilder ledger) {
    for (BucketingKey key : keys) {
      ledger.giveUp(automation(), key, labels(key));
    }
  }

  /** How many keys have a state that has not lapsed, without its children. */
  final int keys(long clock) {
    states().dropLapsed(clock, Integer.MAX_VALUE);
    return states().size();
  }

  /** Hands a firing that no event led to up the tree, to the ledger at its root. */
  final void climb(Firing firing, long clock, StepBuilder ledger) {
    CompositeNode parent = place.parent();
    if (parent == null) {
      ledger.fire(firing);
    } else if (firing.state() == State.TRIGGERED) {
      Firing next = parent.accept(place.child(), firing, clock, ledger);
      if (next != null) {
        parent.climb(next, clock, ledger);
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

  /** The id of a firing of a key, by what made it fire. */
  final String firingId(State state, BucketingKey key, List<String> causes) {
    DerivedId id = new DerivedId("firing").with(identity()).with(state.label());
    causes.forEach(id::with);
    key.values().forEach(id::with);
    return id.text();
  }
}
