package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.index.TriggerIndex;
import dev.tocsin.triggers.keyed.DeadlineQueue;
import dev.tocsin.triggers.keyed.EvaluatedIds;
import dev.tocsin.triggers.keyed.KeyedStates;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The triggers of one list of declarations at work: which are active, what is due, what covers an
 * event.
 */
final class Evaluator {

  private final Map<String, Declaration> declarations = new LinkedHashMap<>();
  private final Deadlines deadlines = new Deadlines();
  private final Blindness blindness;
  private final TriggerForest forest;
  private final TriggerIndex index;

  /** Of the event that is evaluated. */
  private final MatchSet coverage = new MatchSet();

  /** Plants the triggers; none is active. */
  Evaluator(List<Declaration> declared, RuntimeSettings settings, Blindness blindness) {
    declared.forEach(declaration -> declarations.put(declaration.automation(), declaration));
    this.blindness = blindness;
    forest = new TriggerForest(declared, settings, deadlines, blindness);
    index = TriggerIndex.of(forest.watchers().stream().map(EventTriggerNode::trigger).toList());
  }

  /** What is declared by an id, if anything is. */
  @Nullable Declaration declaration(String automation) {
    return declarations.get(automation);
  }

  /** All that is declared, in order. */
  Collection<Declaration> declarations() {
    return declarations.values();
  }

  String meaning(String automation) {
    return tree(automation).meaning();
  }

  boolean isActive(String automation) {
    TriggerForest.Tree tree = forest.trees().get(automation);
    return tree != null && tree.isActive();
  }

  void activate(String automation, long clock, StepBuilder ledger) {
    TriggerForest.Tree tree = tree(automation);
    tree.setActive(true);
    tree.root().activate(clock, ledger);
  }

  void deactivate(String automation) {
    TriggerForest.Tree tree = tree(automation);
    tree.setActive(false);
    tree.root().clear();
  }

  /** When something is due next, blind intervals counted in, or {@link KeyedStates#NEVER}. */
  long next() {
    while (blindness.isKnown()
        && deadlines.next() != KeyedStates.NEVER
        && watched(deadlines.nextPosition()).postpone()) {
      // The one that is first now may have to wait as well.
    }
    return deadlines.next();
  }

  /** Forgets by how much blind intervals had moved what is due: some are no longer known. */
  void scheduleAnew() {
    for (EventTriggerNode watcher : forest.watchers()) {
      if (watcher instanceof ProactiveNode proactive) {
        proactive.scheduleAnew();
      }
    }
  }

  /** Evaluates what is due next. */
  void evaluateNext(long clock, StepBuilder ledger) {
    watched(deadlines.nextPosition()).evaluateNext(clock, ledger);
  }

  /** Evaluates an event, after the deadlines that it ends the waiting of. */
  void offer(EvaluatedEvent event, long clock, StepBuilder ledger) {
    int[] candidates = index.candidates(event.event());
    if (candidates.length > 0) {
      cover(event.event(), candidates, clock, ledger);
      endWaiting(event, clock, ledger);
      take(event, clock, ledger);
    }
  }

  int keys(long clock) {
    return nodes().mapToInt(node -> node.keys(clock)).sum();
  }

  int keys(String automation, long clock) {
    TriggerForest.Tree tree = forest.trees().get(automation);
    return tree == null ? 0 : tree.nodes().stream().mapToInt(node -> node.keys(clock)).sum();
  }

  /** The state of every key, or what has changed; only looked at, or handed over. */
  List<StatePage.Rows> changes(boolean all, boolean handOver, long clock) {
    List<StatePage.Rows> rows = new ArrayList<>();
    nodes()
        .forEach(
            node -> {
              KeyedStates<?> states = node.states();
              KeyedStates.Changes<?> changes =
                  handOver ? states.handOver(all, clock) : states.changes(all, clock);
              if (changes.rows() > 0) {
                rows.add(new StatePage.Rows.OfKeys(node.identity(), changes));
              }
            });
    return rows;
  }

  /**
   * Takes over what {@link #changes} gave.
   *
   * @param origins automations that go on, each with the id under which its state was saved
   * @param ids takes the ids that were evaluated
   */
  void load(
      Iterable<StatePage> pages,
      Map<String, String> origins,
      EvaluatedIds ids,
      long clock,
      StepBuilder ledger) {
    Map<String, TriggerNode> owners = new HashMap<>();
    origins.forEach(
        (automation, origin) -> {
          TriggerForest.Tree tree = tree(automation);
          tree.setActive(true);
          for (TriggerNode node : tree.nodes()) {
            owners.put(TriggerNode.Place.identity(origin, node.place().path()), node);
          }
        });
    Loading loading = new Loading(owners, ids);
    pages.forEach(page -> page.visit(loading));
    nodes().forEach(node -> node.settle(clock, ledger));
  }

  private Stream<TriggerNode> nodes() {
    return forest.trees().values().stream().flatMap(tree -> tree.nodes().stream());
  }

  /** Gives every row to the trigger that it is of, if that goes on. */
  private static final class Loading implements StatePage.Visitor {

    private final Map<String, TriggerNode> owners;
    private final EvaluatedIds ids;
    private @Nullable KeyedStates<?> states;

    Loading(Map<String, TriggerNode> owners, EvaluatedIds ids) {
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

  private void cover(Event event, int[] candidates, long clock, StepBuilder ledger) {
    coverage.begin(candidates.length);
    for (int position : candidates) {
      if (forest.treeAt(position).isActive()) {
        KeyedStates.Seat seat = forest.watchers().get(position).covers(event, clock, ledger);
        if (seat != null) {
          coverage.add(position, seat);
        }
      }
    }
  }

  /** Evaluates the deadlines that an event ends the waiting of: by deadline, then as declared. */
  private void endWaiting(EvaluatedEvent event, long clock, StepBuilder ledger) {
    long bound = Math.min(event.occurred(), clock);
    DeadlineQueue ended = null;
    for (int i = 0; i < coverage.size(); i++) {
      long deadline = deadline(i, clock);
      if (deadline <= bound) {
        ended = ended == null ? new DeadlineQueue(new AsDeclared()) : ended;
        ended.set(i, deadline);
      }
    }
    while (ended != null && !ended.isEmpty()) {
      int next = ended.first();
      watched(coverage.position(next)).endWaiting(coverage.seat(next), bound, clock, ledger);
      // Of a repeat the next may have ended as well; no other trigger's deadline has moved.
      long deadline = deadline(next, clock);
      if (deadline <= bound) {
        ended.set(next, deadline);
      } else {
        ended.remove(next);
      }
    }
  }

  /** Those that have the same deadline: as they were declared. */
  private static final class AsDeclared extends DeadlineQueue.Numbered {

    @Override
    public boolean isBefore(int item, int other) {
      return item < other;
    }
  }

  /** The deadline of one that is covered, or {@link ProactiveState#NEVER}. */
  private long deadline(int index, long clock) {
    return forest.watchers().get(coverage.position(index)) instanceof ProactiveNode watcher
        ? watcher.deadline(coverage.seat(index), clock)
        : ProactiveState.NEVER;
  }

  private void take(EvaluatedEvent event, long clock, StepBuilder ledger) {
    TriggerForest.Tree before = null;
    for (int i = 0; i < coverage.size(); i++) {
      TriggerForest.Tree tree = forest.treeAt(coverage.position(i));
      if (tree != before) {
        for (Firing firing : tree.root().offer(event, coverage, clock, ledger)) {
          ledger.fire(firing);
        }
        before = tree;
      }
    }
  }

  private ProactiveNode watched(int position) {
    if (forest.watchers().get(position) instanceof ProactiveNode watcher) {
      return watcher;
    }
    throw new IllegalStateException("the trigger at " + position + " has no deadlines");
  }

  private TriggerForest.Tree tree(String automation) {
    TriggerForest.Tree tree = forest.trees().get(automation);
    if (tree == null) {
      throw new IllegalStateException(automation + " is not declared");
    }
    return tree;
  }
}
