package dev.tocsin.triggers;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates triggers over one order of entries: events, moments of time, switches. The daemon, recovery,
 * replay and tests are this class with different sources. For one thread at a time.
 *
 * <p>{@code now} is the receipt of the entry and becomes the engine clock, which never goes back: an
 * earlier one counts as the clock.
 */
public final class TriggerRuntime {

  private final Map<String, Declaration> declarations = new LinkedHashMap<>();
  private final Map<String, Checkpoint.Switch> switches = new LinkedHashMap<>();
  private final Set<String> active = new HashSet<>();
  private final Deadlines deadlines = new Deadlines();
  private final Forest forest;
  private final TriggerIndex index;
  private long clock;

  /**
   * Starts with these triggers, in the order declared, and no state; those enabled are activated.
   *
   * @throws IllegalArgumentException where an automation is declared twice
   */
  public TriggerRuntime(List<Declaration> declared, RuntimeSettings settings, Instant now) {
    this(declared, settings, Micros.of(now));
    for (Declaration declaration : declared) {
      if (declaration.enabled()) {
        activate(declaration.automation());
      }
    }
  }

  private TriggerRuntime(List<Declaration> declared, RuntimeSettings settings, long clock) {
    this.forest = new Forest(declared, settings, deadlines);
    this.index =
        TriggerIndex.of(forest.watchers().stream().map(Watcher::trigger).toList());
    this.clock = clock;
    declared.forEach(declaration -> declarations.put(declaration.automation(), declaration));
  }

  /**
   * Continues from a checkpoint with these triggers: state is kept by identity (semantics section 9);
   * what is not declared any more is dropped, what is new or changed is activated at the checkpoint's
   * clock.
   */
  public static TriggerRuntime restore(
      List<Declaration> declared, RuntimeSettings settings, Checkpoint checkpoint) {
    TriggerRuntime runtime =
        new TriggerRuntime(declared, settings, Micros.of(checkpoint.clock()));
    runtime.restoreSwitches(checkpoint);
    Set<String> kept = new HashSet<>(checkpoint.owners());
    Map<String, Node> byIdentity = new HashMap<>();
    for (Node node : runtime.forest.nodes()) {
      if (runtime.isActive(node.automation())) {
        byIdentity.put(node.identity(), node);
      }
    }
    runtime.forest.roots().forEach(
        (automation, root) -> {
          if (runtime.isActive(automation) && !kept.contains(root.identity())) {
            root.activate(runtime.clock);
          }
        });
    for (Checkpoint.Key key : checkpoint.keys()) {
      Node node = byIdentity.get(key.owner());
      if (node != null) {
        node.restore(runtime.clock, key.key(), key.state());
      }
    }
    return runtime;
  }

  /** Evaluates an event, after every deadline that is due at its receipt. */
  public Step offer(Event event, Instant now) {
    Ledger ledger = new Ledger();
    advance(Micros.of(now), ledger);
    int[] candidates = index.candidates(event);
    if (candidates.length > 0) {
      Coverage coverage = coverage(event, candidates, ledger);
      endWaiting(event, coverage, ledger);
      take(event, coverage, ledger);
    }
    return ledger.step();
  }

  /** Evaluates every deadline that is due, each as if the clock stood at its own time. */
  public Step advanceTo(Instant now) {
    Ledger ledger = new Ledger();
    advance(Micros.of(now), ledger);
    return ledger.step();
  }

  /** When {@link #advanceTo} has something to do next, or null where nothing waits for time to pass. */
  public @Nullable Instant nextDeadline() {
    Deadlines.Due next = deadlines.first();
    return next == null ? null : Micros.instant(next.evaluated());
  }

  /**
   * Switches an automation off, which drops its state, or on, which starts it anew. One that is already
   * so, or is not declared, stays as it is.
   */
  public Step setActive(String automation, boolean on, Instant now) {
    Ledger ledger = new Ledger();
    advance(Micros.of(now), ledger);
    Declaration declaration = declarations.get(automation);
    if (declaration != null && active.contains(automation) != on) {
      switches.put(automation, new Checkpoint.Switch(automation, declaration.enabled(), on));
      if (on) {
        activate(automation);
      } else {
        active.remove(automation);
        root(automation).clear();
      }
    }
    return ledger.step();
  }

  /** Whether an automation takes events in. */
  public boolean isActive(String automation) {
    return active.contains(automation);
  }

  /** The engine clock: the latest receipt so far. */
  public Instant clock() {
    return Micros.instant(clock);
  }

  /** How many keys have state, of all triggers together. */
  public int keys() {
    return forest.roots().values().stream().mapToInt(root -> root.keys(clock)).sum();
  }

  /** All state, as it stands between two entries. */
  public Checkpoint checkpoint() {
    List<String> owners = new ArrayList<>();
    List<Checkpoint.Key> keys = new ArrayList<>();
    forest.roots().forEach(
        (automation, root) -> {
          if (isActive(automation)) {
            owners.add(root.identity());
            root.save(clock, keys);
          }
        });
    return new Checkpoint(clock(), List.copyOf(switches.values()), owners, keys);
  }

  private void advance(long now, Ledger ledger) {
    for (Deadlines.Due due = deadlines.first();
        due != null && due.evaluated() <= now;
        due = deadlines.first()) {
      clock = Math.max(clock, due.evaluated());
      watched(due.position()).evaluate(due.key(), due.evaluated(), ledger);
    }
    clock = Math.max(clock, now);
  }

  private Coverage coverage(Event event, int[] candidates, Ledger ledger) {
    Coverage coverage = new Coverage(candidates.length);
    for (int position : candidates) {
      Watcher watcher = forest.watchers().get(position);
      if (isActive(watcher.automation())) {
        BucketingKey key = watcher.covers(event, ledger);
        if (key != null) {
          coverage.add(position, key);
        }
      }
    }
    return coverage;
  }

  /** Evaluates the deadlines that an event ends the waiting of: by deadline, then as declared. */
  private void endWaiting(Event event, Coverage coverage, Ledger ledger) {
    long bound = Math.min(Micros.of(event.occurred()), clock);
    for (int next = firstDue(coverage, bound); next >= 0; next = firstDue(coverage, bound)) {
      watched(coverage.position(next)).endWaiting(coverage.key(next), clock, ledger);
    }
  }

  private int firstDue(Coverage coverage, long bound) {
    int first = -1;
    long earliest = ProactiveState.NEVER;
    for (int i = 0; i < coverage.size(); i++) {
      if (forest.watchers().get(coverage.position(i)) instanceof ProactiveWatcher watcher) {
        long deadline = watcher.deadline(coverage.key(i), clock);
        if (deadline <= bound && deadline < earliest) {
          earliest = deadline;
          first = i;
        }
      }
    }
    return first;
  }

  private void take(Event event, Coverage coverage, Ledger ledger) {
    String before = "";
    for (int i = 0; i < coverage.size(); i++) {
      String automation = forest.watchers().get(coverage.position(i)).automation();
      if (!automation.equals(before)) {
        root(automation).offer(event, coverage, clock, ledger).forEach(ledger::fire);
        before = automation;
      }
    }
  }

  private ProactiveWatcher watched(int position) {
    if (forest.watchers().get(position) instanceof ProactiveWatcher watcher) {
      return watcher;
    }
    throw new IllegalStateException("the trigger at " + position + " has no deadlines");
  }

  private void activate(String automation) {
    active.add(automation);
    root(automation).activate(clock);
  }

  private Node root(String automation) {
    Node root = forest.roots().get(automation);
    if (root == null) {
      throw new IllegalStateException(automation + " is not declared");
    }
    return root;
  }

  private void restoreSwitches(Checkpoint checkpoint) {
    declarations.forEach(
        (automation, declaration) -> {
          if (declaration.enabled()) {
            active.add(automation);
          }
        });
    for (Checkpoint.Switch flip : checkpoint.switches()) {
      Declaration declaration = declarations.get(flip.automation());
      if (declaration != null && declaration.enabled() == flip.declared()) {
        switches.put(flip.automation(), flip);
        if (flip.active()) {
          active.add(flip.automation());
        } else {
          active.remove(flip.automation());
        }
      }
    }
  }
}
