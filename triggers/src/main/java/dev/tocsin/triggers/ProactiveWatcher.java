package dev.tocsin.triggers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Proactive trigger at work: its machine, the state of its keys, and their deadlines. */
final class ProactiveWatcher extends Watcher {

  private final ProactiveMachine machine;
  private final Posture.Proactive posture;
  private final Schedule schedule;
  private final boolean forgets;
  private final long forgetAfter;
  private final KeyedStates<ProactiveState> states;

  ProactiveWatcher(
      Place place,
      EventTrigger trigger,
      Posture.Proactive posture,
      int position,
      RuntimeSettings settings,
      Schedule schedule,
      Blindness blindness) {
    super(place, trigger, position, settings);
    this.machine = new ProactiveMachine(trigger, posture, blindness);
    this.posture = posture;
    this.schedule = schedule;
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
      ledger.observe(automation(), key, transition.outcome(), "");
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
   * When a key is absent, unless that is evaluated already or may not be yet; {@link
   * ProactiveState#NEVER} if never.
   */
  long deadline(BucketingKey key, long clock) {
    ProactiveState kept = states.get(key, clock);
    if (kept == null) {
      return ProactiveState.NEVER;
    }
    long deadline = machine.withBlindness(kept).deadline();
    return machine.isHeld(deadline, clock) ? ProactiveState.NEVER : deadline;
  }

  /** What is due of a key once blind intervals are counted in. */
  Deadlines.Due due(Deadlines.Due scheduled) {
    if (machine.isSeen(scheduled.deadline())) {
      return scheduled;
    }
    ProactiveState kept = states.get(scheduled.key(), Long.MIN_VALUE);
    if (kept == null) {
      throw new IllegalStateException("what is due has no state: " + scheduled);
    }
    ProactiveState state = machine.withBlindness(kept);
    return due(scheduled.key(), machine.evaluated(state), state.deadline(), forgotten(kept));
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

  private void fireAbsence(BucketingKey key, ProactiveState kept, long clock, Ledger ledger) {
    long suppressedUntil = machine.suppressedUntil(kept);
    if (suppressedUntil != ProactiveState.NEVER) {
      keep(key, machine.afterSuppression(kept, suppressedUntil), clock, ledger);
      ledger.observe(automation(), key, Outcome.SUPPRESSED, machine.reason(kept, kept).sentence());
      return;
    }
    ProactiveState state = machine.withBlindness(kept);
    keep(key, machine.afterFiring(state), clock, ledger);
    for (Firing firing :
        fire(
            State.TRIGGERED,
            key,
            state.deadline(),
            Long.toString(state.deadline()),
            state.last(),
            machine.reason(kept, state),
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
      schedule.add(due);
    }
    BucketingKey givenUp =
        states.put(
            key, state, ProactiveState.NEVER, clock, (eldest, lost) -> unschedule(eldest, lost));
    if (givenUp != null) {
      ledger.giveUp(automation(), givenUp);
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
    schedule.remove(due(key, state));
  }

  /** What is due next of a key: being forgotten comes before a repeat at the same time. */
  private Deadlines.Due due(BucketingKey key, ProactiveState state) {
    return due(key, state.evaluated(), state.deadline(), forgotten(state));
  }

  private Deadlines.Due due(BucketingKey key, long evaluated, long deadline, long forgotten) {
    return forgotten <= evaluated
        ? new Deadlines.Due(forgotten, forgotten, position(), key)
        : new Deadlines.Due(evaluated, deadline, position(), key);
  }
}
