package dev.tocsin.triggers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Proactive trigger at work: its machine, the state of its keys, and their deadlines. */
final class ProactiveWatcher extends Watcher {

  private final ProactiveMachine machine;
  private final Posture.Proactive posture;
  private final Deadlines deadlines;
  private final boolean forgets;
  private final long forgetAfter;
  private final KeyedStates<ProactiveState> states;

  ProactiveWatcher(
      Place place,
      EventTrigger trigger,
      Posture.Proactive posture,
      int position,
      RuntimeSettings settings,
      Deadlines deadlines) {
    super(place, trigger, position, settings);
    this.machine = new ProactiveMachine(trigger, posture);
    this.posture = posture;
    this.deadlines = deadlines;
    this.forgets =
        trigger.after().isEmpty() && !trigger.forEach().isEmpty() && posture.roster().isEmpty();
    this.forgetAfter = Micros.of(posture.forgetAfter());
    this.states = new KeyedStates<>(trigger.maxKeys());
  }

  /** A watch without keys, and every key of a roster, is armed. */
  @Override
  void activate(long clock, Ledger ledger) {
    if (!trigger().after().isEmpty()) {
      return;
    }
    if (trigger().forEach().isEmpty()) {
      keep(BucketingKey.NONE, machine.armed(clock), clock, ledger);
    }
    posture.roster().forEach(key -> keep(key, machine.armed(clock), clock, ledger));
  }

  @Override
  List<Firing> take(Event event, BucketingKey key, long clock, Ledger ledger) {
    ProactiveState state = states.get(key, clock);
    ProactiveMachine.Transition transition = machine.offer(state, event, clock);
    keep(key, transition.state(), clock, ledger);
    Reason reason = transition.reason();
    if (reason == null) {
      ledger.observe(
          automation(), key, transition.outcome(), progress(state, transition, event));
      return List.of();
    }
    List<Firing> fired =
        fire(
            State.RESOLVED,
            key,
            Micros.of(event.occurred()),
            event.id(),
            Covered.of(event),
            reason,
            ledger);
    if (!fired.isEmpty()) {
      ledger.observe(automation(), key, transition.outcome(), reason.sentence());
    }
    return fired;
  }

  /**
   * When a key is absent, unless that is evaluated already; {@link ProactiveState#NEVER} if never.
   */
  long deadline(BucketingKey key, long clock) {
    ProactiveState state = states.get(key, clock);
    return state == null ? ProactiveState.NEVER : state.deadline();
  }

  /** Evaluates what is due of a key: it is forgotten, or its deadline has come. */
  void evaluate(BucketingKey key, long clock, Ledger ledger) {
    ProactiveState state = states.get(key, clock);
    if (state == null) {
      return;
    }
    if (forgotten(state) <= clock) {
      remove(key);
      return;
    }
    fireAbsence(key, state, clock, ledger);
  }

  /**
   * Evaluates the deadline of a key before its time, since an event has ended the waiting of what
   * was due up to a bound.
   */
  void endWaiting(BucketingKey key, long bound, long clock, Ledger ledger) {
    ProactiveState state = states.get(key, clock);
    if (state == null) {
      return;
    }
    fireAbsence(key, state, clock, ledger);
    ProactiveState next = states.get(key, clock);
    if (next == null) {
      return;
    }
    keep(
        key,
        forgotten(next) <= clock ? null : machine.withoutOldRepeats(next, bound),
        clock,
        ledger);
  }

  @Override
  void clear() {
    states.forEach((key, state) -> unschedule(key, state));
    states.clear();
  }

  @Override
  void save(long clock, List<Checkpoint.Key> into) {
    states.forEach((key, state) -> into.add(new Checkpoint.Key(identity(), key, state.text())));
  }

  @Override
  void restore(BucketingKey key, String text, long clock, Ledger ledger) {
    keep(key, ProactiveState.parse(text), clock, ledger);
  }

  @Override
  int keys(long clock) {
    return states.size();
  }

  /** How long the silence had lasted, where the event ended it. */
  private Progress progress(
      @Nullable ProactiveState before, ProactiveMachine.Transition transition, Event event) {
    if (before == null || transition.outcome() != Outcome.SATISFIED) {
      return Progress.NONE;
    }
    long within = Micros.of(trigger().within());
    long began = before.deadline() - within;
    return new Progress.Silence(Math.max(0, Micros.of(event.occurred()) - began), within);
  }

  private void fireAbsence(BucketingKey key, ProactiveState state, long clock, Ledger ledger) {
    keep(key, machine.afterFiring(state), clock, ledger);
    for (Firing firing :
        fire(
            State.TRIGGERED,
            key,
            state.deadline(),
            Long.toString(state.deadline()),
            state.last(),
            machine.reason(state),
            ledger)) {
      climb(firing, clock, ledger);
    }
  }

  /** When the engine clock forgets a key, or {@link ProactiveState#NEVER}. */
  private long forgotten(ProactiveState state) {
    return forgets && state instanceof ProactiveState.Watching watching && watching.isAbsent()
        ? watching.absentSince() + forgetAfter
        : ProactiveState.NEVER;
  }

  /** Makes this the state of a key, null for none; its deadline goes with it. */
  private void keep(BucketingKey key, @Nullable ProactiveState state, long clock, Ledger ledger) {
    remove(key);
    if (state == null) {
      return;
    }
    Deadlines.Due due = due(key, state);
    if (due.evaluated() != ProactiveState.NEVER) {
      deadlines.add(due);
    }
    BucketingKey givenUp =
        states.put(
            key, state, ProactiveState.NEVER, clock, (eldest, lost) -> unschedule(eldest, lost));
    if (givenUp != null) {
      ledger.giveUp(automation(), givenUp, labels(givenUp));
    }
  }

  private void remove(BucketingKey key) {
    ProactiveState before = states.get(key, Long.MIN_VALUE);
    if (before != null) {
      unschedule(key, before);
      states.remove(key);
    }
  }

  private void unschedule(BucketingKey key, ProactiveState state) {
    deadlines.remove(due(key, state));
  }

  /** What is due next of a key: being forgotten comes before a repeat at the same time. */
  private Deadlines.Due due(BucketingKey key, ProactiveState state) {
    long forgotten = forgotten(state);
    return forgotten <= state.evaluated()
        ? new Deadlines.Due(forgotten, forgotten, position(), key)
        : new Deadlines.Due(state.evaluated(), state.deadline(), position(), key);
  }
}
