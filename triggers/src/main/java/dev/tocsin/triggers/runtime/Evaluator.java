package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.Micros;
import dev.tocsin.triggers.index.TriggerIndex;
import dev.tocsin.triggers.keyed.DeadlineQueue;
import dev.tocsin.triggers.keyed.EvaluatedIds;
import dev.tocsin.triggers.keyed.KeyedStates;
import dev.tocsin.triggers.keyed.StateBudget;
import dev.tocsin.triggers.keyed.StateChanges;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The triggers of one list of declarations at work: which are active, what is due, which match an
 * event.
 */
final class Evaluator {

  private final Map<String, Declaration> declarations = new LinkedHashMap<>();
  private final Deadlines deadlines = new Deadlines();
  private final Blindness blindness;
  private final StateBudget budget;
  private final StateLimit limit;
  private final TriggerForest forest;
  private final TriggerIndex index;

  /** Positions of the event triggers that match the event being evaluated, ascending. */
  private int[] matched = {};

  private int matchedCount;

  /**
   * No trigger is active.
   *
   * @param maxStateBytes the bound on the state of all triggers together
   */
  Evaluator(
      List<Declaration> declared,
      RuntimeSettings settings,
      Blindness blindness,
      long maxStateBytes) {
    declared.forEach(declaration -> declarations.put(declaration.automation(), declaration));
    this.blindness = blindness;
    budget = new StateBudget(maxStateBytes);
    limit = new StateLimit(budget);
    forest = new TriggerForest(declared, settings, deadlines, blindness, limit);
    index = TriggerIndex.of(forest.eventNodes().stream().map(EventTriggerNode::trigger).toList());
  }

  /** The declaration of an automation, or null if there is none. */
  @Nullable Declaration declaration(String automation) {
    return declarations.get(automation);
  }

  /** All declarations, in order. */
  Collection<Declaration> declarations() {
    return declarations.values();
  }

  /** Whether the declarations are these, in the same order. */
  boolean declares(List<Declaration> others) {
    Iterator<Declaration> left = others.iterator();
    for (Declaration declaration : declarations.values()) {
      if (!left.hasNext() || !declaration.isSame(left.next())) {
        return false;
      }
    }
    return !left.hasNext();
  }

  /** The fingerprint of the trigger of an automation. */
  String fingerprint(String automation) {
    return tree(automation).fingerprint();
  }

  boolean isActive(String automation) {
    TriggerForest.Tree tree = forest.trees().get(automation);
    return tree != null && tree.isActive();
  }

  void activate(String automation, long clock, StepBuilder step) {
    TriggerForest.Tree tree = tree(automation);
    tree.setActive(true);
    tree.root().activate(clock, step);
  }

  void deactivate(String automation) {
    TriggerForest.Tree tree = tree(automation);
    tree.setActive(false);
    tree.root().clear();
  }

  /** Bounds the state of all triggers together, in bytes. */
  void bound(long maxStateBytes, long clock, StepBuilder step) {
    budget.bound(maxStateBytes);
    limit.enforce(clock, step);
  }

  /** When the next deadline is evaluated, with blind intervals; {@link Micros#NEVER} if never. */
  long next() {
    while (blindness.isKnown()
        && deadlines.next() != Micros.NEVER
        && deadlines.nextNode().postpone()) {
      // Another deadline is the first one now, and may have to be postponed as well.
    }
    return deadlines.next();
  }

  /** Undoes every postponing by blind intervals, since some of these were removed. */
  void undoPostponing() {
    for (EventTriggerNode node : forest.eventNodes()) {
      if (node instanceof ProactiveNode proactive) {
        proactive.schedule().undoPostponing();
      }
    }
  }

  /** Evaluates the next deadline; there must be one. */
  void evaluateNext(long clock, StepBuilder step) {
    deadlines.nextNode().evaluateNext(clock, step);
  }

  /** Evaluates an event, after the deadlines that it ends the waiting of. */
  void evaluate(EvaluatedEvent event, long clock, StepBuilder step) {
    int[] candidates = index.candidates(event.event());
    if (candidates.length > 0) {
      match(event.event(), candidates, clock, step);
      endWaiting(event, clock, step);
      offer(event, clock, step);
    }
  }

  private void match(Event event, int[] candidates, long clock, StepBuilder step) {
    matchedCount = 0;
    if (matched.length < candidates.length) {
      matched = new int[candidates.length];
    }
    for (int position : candidates) {
      if (forest.treeAt(position).isActive()
          && forest.eventNodes().get(position).match(event, clock, step)) {
        matched[matchedCount++] = position;
      }
    }
  }

  /** Evaluates the deadlines that an event ends the waiting of: by deadline, then as declared. */
  private void endWaiting(EvaluatedEvent event, long clock, StepBuilder step) {
    long bound = Math.min(event.occurred(), clock);
    DeadlineQueue ended = null;
    for (int i = 0; i < matchedCount; i++) {
      long deadline = matchedNode(i).matchedDeadline(clock);
      if (deadline <= bound) {
        ended = ended == null ? new DeadlineQueue(new AsDeclared()) : ended;
        ended.set(i, deadline);
      }
    }
    while (ended != null && !ended.isEmpty()) {
      int next = ended.first();
      matchedNode(next).endWaiting(bound, clock, step);
      // If it repeats, the next one may have ended as well; no other trigger's deadline has moved.
      long deadline = matchedNode(next).matchedDeadline(clock);
      if (deadline <= bound) {
        ended.set(next, deadline);
      } else {
        ended.remove(next);
      }
    }
  }

  private static final class AsDeclared extends DeadlineQueue.Numbered {

    @Override
    public boolean isBefore(int item, int other) {
      return item < other;
    }
  }

  /** Offers an event to each tree with a trigger that matches it. */
  private void offer(EvaluatedEvent event, long clock, StepBuilder step) {
    TriggerForest.Tree before = null;
    for (int i = 0; i < matchedCount; i++) {
      TriggerForest.Tree tree = forest.treeAt(matched[i]);
      if (tree != before) {
        for (Firing firing : tree.root().offer(event, clock, step)) {
          step.fire(firing);
        }
        before = tree;
      }
    }
    for (int i = 0; i < matchedCount; i++) {
      matchedNode(i).endMatch();
    }
  }

  private EventTriggerNode matchedNode(int index) {
    return forest.eventNodes().get(matched[index]);
  }

  /** The number of keys whose state has not lapsed, of all triggers together. */
  int keys(long clock) {
    return nodes().mapToInt(node -> node.keys(clock)).sum();
  }

  /** The number of keys of one automation whose state has not lapsed; 0 if it is not declared. */
  int keys(String automation, long clock) {
    TriggerForest.Tree tree = forest.trees().get(automation);
    return tree == null ? 0 : tree.nodes().stream().mapToInt(node -> node.keys(clock)).sum();
  }

  /** All states, or what has changed; only to look at, or handed over. */
  List<StatePage.RowSource> changes(boolean all, boolean handOver, long clock) {
    List<StatePage.RowSource> rows = new ArrayList<>();
    nodes()
        .forEach(
            node -> {
              KeyedStates<?> states = node.states();
              StateChanges<?> changes =
                  handOver ? states.handOver(all, clock) : states.changes(all, clock);
              if (changes.rows() > 0) {
                rows.add(new StatePage.RowSource.OfKeys(node.identity(), changes));
              }
            });
    return rows;
  }

  /**
   * Restores what {@link #changes} returned.
   *
   * @param origins automations that keep their state, each with the id under which it was stored
   * @param ids where evaluated ids are restored
   */
  void restore(
      Iterable<StatePage> pages,
      Map<String, String> origins,
      EvaluatedIds ids,
      long clock,
      StepBuilder step) {
    Map<String, TriggerNode> owners = new HashMap<>();
    origins.forEach(
        (automation, origin) -> {
          TriggerForest.Tree tree = tree(automation);
          tree.setActive(true);
          for (TriggerNode node : tree.nodes()) {
            owners.put(TriggerNode.TreePath.identity(origin, node.place().path()), node);
          }
        });
    RestoringVisitor restoring = new RestoringVisitor(owners, ids);
    pages.forEach(page -> page.visit(restoring));
    nodes().forEach(node -> node.evict(clock, step));
  }

  private Stream<TriggerNode> nodes() {
    return forest.trees().values().stream().flatMap(tree -> tree.nodes().stream());
  }

  /** Restores each row into the trigger that owns it, if that keeps its state. */
  private static final class RestoringVisitor implements StatePage.Visitor {

    private final Map<String, TriggerNode> owners;
    private final EvaluatedIds ids;
    private @Nullable KeyedStates<?> states;

    RestoringVisitor(Map<String, TriggerNode> owners, EvaluatedIds ids) {
      this.owners = owners;
      this.ids = ids;
    }

    @Override
    public void owner(String identity) {
      TriggerNode owner = owners.get(identity);
      states = owner == null ? null : owner.states();
    }

    @Override
    public void cleared() {
      if (states != null) {
        states.restoreCleared();
      }
    }

    @Override
    public void gone(byte[] key) {
      if (states != null) {
        states.restoreGone(key);
      }
    }

    @Override
    public void key(byte[] packed) {
      if (states != null) {
        states.restore(packed);
      }
    }

    @Override
    public void evaluated(long high, long low, long clock) {
      ids.add(high, low, clock);
    }
  }

  private TriggerForest.Tree tree(String automation) {
    TriggerForest.Tree tree = forest.trees().get(automation);
    if (tree == null) {
      throw new IllegalStateException(automation + " is not declared");
    }
    return tree;
  }

  /** Who owns state, in the order declared. */
  List<Checkpoint.Owner> owners() {
    List<Checkpoint.Owner> owners = new ArrayList<>();
    for (Declaration declaration : declarations()) {
      String automation = declaration.automation();
      owners.add(new Checkpoint.Owner(automation, fingerprint(automation), isActive(automation)));
    }
    return owners;
  }
}
