package dev.tocsin.engine.pipeline;

import dev.tocsin.actions.ActionOutcome;
import dev.tocsin.actions.OutcomeJson;
import dev.tocsin.config.Automation;
import dev.tocsin.config.AutomationSet;
import dev.tocsin.engine.evaluation.AutomationsInForce;
import dev.tocsin.engine.evaluation.DeclarationPlan;
import dev.tocsin.engine.evaluation.EntryEvaluation;
import dev.tocsin.engine.metrics.Metrics;
import dev.tocsin.engine.store.Alive;
import dev.tocsin.engine.store.Commit;
import dev.tocsin.engine.store.DecisionSettings;
import dev.tocsin.engine.store.FeedbackEvent;
import dev.tocsin.engine.store.InvocationResult;
import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.Store;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.runtime.Outcome;
import dev.tocsin.triggers.runtime.Step;
import dev.tocsin.triggers.runtime.TriggerRuntime;
import dev.tocsin.wire.EncodedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives every entry its place in the one order and evaluates it. Owns the trigger state; for the
 * writer thread alone. Its decisions are in the returned value: nothing is durable or visible yet.
 */
final class Evaluation {

  private final Store store;
  private final EntryEvaluation state;
  private final Consequences consequences;
  private final SteadyClock clock;
  private final Metrics metrics;
  private final EvictedKeys evictedKeys;
  private final KnownIds knownIds;
  private long sequence;
  private Instant blindUntil = Instant.MIN;

  /**
   * Continues after what is in the store.
   *
   * @param state after the store's last entry
   */
  Evaluation(
      Store store,
      EntryEvaluation state,
      Consequences consequences,
      SteadyClock clock,
      Metrics metrics,
      EvictedKeys evictedKeys) {
    this.store = store;
    this.state = state;
    this.consequences = consequences;
    this.clock = clock;
    this.metrics = metrics;
    this.evictedKeys = evictedKeys;
    this.knownIds = new KnownIds(store);
    this.sequence = store.lastSequence();
  }

  /** The receipt of what came at an instant: never earlier than of an entry before. */
  Instant receipt(Instant came) {
    return state.receipt(came);
  }

  /** The engine clock: the receipt of the newest entry. */
  Instant clock() {
    return state.clock();
  }

  /** What is known of the run before this start; null if the engine has never run. */
  @Nullable LastRun lastRun() {
    return LastRun.of(store.alive(), sequence, state.clock());
  }

  /** Reports entries that are missing, as an event. */
  void report(LastRun.LostEntries lost, Instant now, CommitBuilder work) {
    work.tell(consequences.of(lost, now));
  }

  /**
   * The mark of an engine that has evaluated everything up to an instant.
   *
   * @param stops whether it stops now; the last entry is durable
   */
  Alive alive(Instant evaluatedUpTo, boolean stops) {
    return new Alive(evaluatedUpTo, evaluatedUpTo.minus(clock.ahead()), sequence, stops);
  }

  /** When something is due next that no entry has to come for, or null. */
  @Nullable Instant nextDeadline() {
    return state.nextDeadline();
  }

  /** The trigger state, to be read on the writer thread. */
  LiveState live() {
    return new LiveState(state);
  }

  /** Whether something is due at an instant. */
  boolean isDue(Instant now) {
    return state.isDue(now);
  }

  /** Work that has not begun. */
  CommitBuilder begin() {
    return new CommitBuilder(clock);
  }

  /**
   * Evaluates what is due at a receipt: a tick of the clock, which is an entry if something is due.
   * It has a bound; if more is due, {@link #isDue} is still true.
   */
  CommitBuilder tick(Instant now) {
    CommitBuilder work = begin();
    if (isDue(now)) {
      tick(now, work);
    }
    return work;
  }

  private void tick(Instant now, CommitBuilder work) {
    Step step = state.apply(new JournalEntry.TickEntry(++sequence, now));
    // If the bound was reached the clock is earlier; a recovery up to there meets it again.
    work.entries.add(new JournalEntry.TickEntry(sequence, state.clock()));
    follow(step, null, now, work);
  }

  /**
   * Activates what this version of the engine understands differently from the one that saved the
   * state. Nothing may be due at its receipt.
   */
  DeclarationPlan activateNew(Instant now, CommitBuilder work) {
    TriggerRuntime.Edited edited = state.activateNew(now);
    follow(edited.step(), null, now, work);
    AutomationSet inForce = state.inForce().all();
    DeclarationPlan plan = DeclarationPlan.of(edited.edit(), inForce, inForce, _ -> 0);
    consequences.of(plan, "engine", sequence + "@" + now, now).forEach(work::tell);
    return plan;
  }

  /**
   * Puts automations in force in place of those that their origin declared before, at a receipt. A
   * new engine reports none: all of them are new.
   */
  DeclarationPlan declare(AutomationDeclaration declaration, Instant now, CommitBuilder work) {
    Instant received = receipt(now);
    while (isDue(received)) {
      // What was due belongs to the automations so far.
      tick(received, work);
    }
    boolean begins = sequence == 0;
    DeclarationPlan plan = state.plan(declaration.origin(), declaration.automations());
    JournalEntry.DeclaredEntry entry = declaration.entry(++sequence, received);
    work.entries.add(entry);
    work.definitions.addAll(declaration.definitions());
    follow(state.apply(entry, declaration.automations()), null, received, work);
    if (!begins) {
      String basis = sequence + "@" + received;
      consequences.of(plan, declaration.by(), basis, received).forEach(work::tell);
    }
    return plan;
  }

  /** Puts settings in force by an entry, unless they are already. */
  void configure(DecisionSettings settings, Instant now, CommitBuilder work) {
    if (!state.settings().equals(settings)) {
      apply(new JournalEntry.SettingsEntry(++sequence, receipt(now), settings), work);
    }
  }

  /** The automations in force. */
  AutomationsInForce inForce() {
    return state.inForce();
  }

  /**
   * Evaluates a batch after a tick: own events first, then each submission in order, until what
   * follows from them takes too much memory or too long. What is left of the submissions is the
   * {@linkplain CommitBuilder#rest rest}; own events that are left stay in the store. There is room
   * for submissions after own events, and at least one event of each is evaluated.
   *
   * @param known what {@link #known} says of the batch
   * @param now the receipt of what is not an offer
   */
  CommitBuilder evaluate(CommitBuilder work, Batch batch, Set<String> known, Instant now) {
    work.seen.addAll(known);
    for (FeedbackEvent feedback : batch.feedback()) {
      work.feedbackTaken.add(feedback.position());
      take(feedback.encoded(), now, work);
      if (work.isHalfFull()) {
        break;
      }
    }
    Iterator<Submission> left = batch.submissions().iterator();
    while (left.hasNext() && work.rest.isEmpty()) {
      take(left.next(), now, work);
      if (work.isFull()) {
        break;
      }
    }
    left.forEachRemaining(work.rest::add);
    knownIds.add(work.seen);
    return work;
  }

  private void take(Submission submission, Instant now, CommitBuilder work) {
    switch (submission) {
      case Submission.Offer offer -> takeOffer(offer, work);
      case Submission.BlindPeriod blind -> takeBlind(blind, work);
      case Submission.ClockSetBack back -> takeSetBack(back, work);
      case Submission.Tell tell -> {
        work.tell(tell.event());
        work.effects.add(new CommitEffect.OwnEventStored(tell));
      }
      case Submission.Completion completion -> takeCompletion(completion, now, work);
      case Submission.Declare declare -> takeDeclare(declare, now, work);
    }
  }

  /**
   * Evaluates what is due at the receipt of a submission, as entries of bounded size. Returns
   * whether nothing is due any more: if not, the work is full.
   */
  private boolean passTo(Instant received, CommitBuilder work) {
    while (isDue(received)) {
      if (work.isFull()) {
        return false;
      }
      tick(received, work);
    }
    return true;
  }

  /** Gives work the form in which it is committed. Changes nothing, so that it may be retried. */
  PreparedCommit complete(CommitBuilder work) {
    ConsequenceRows rows = new ConsequenceRows(work, consequences, store);
    return new PreparedCommit(
        new Commit(
            work.entries,
            work.definitions,
            rows.firings(),
            rows.invocations(),
            work.results,
            rows.feedback(),
            work.feedbackTaken),
        !work.followings.isEmpty(),
        rows.destinations(),
        work.effects);
  }

  /** Advances the clock to a receipt; nothing may be due there. */
  void pass(Instant now) {
    state.pass(now);
  }

  /** Begins a checkpoint of the state after the last entry evaluated. */
  void begin(Checkpoints checkpoints) {
    checkpoints.begin(sequence, state);
  }

  /** Saves the state after the last entry evaluated. Blocks. */
  void save(Checkpoints checkpoints) {
    checkpoints.save(sequence, state);
  }

  /** Which ids of a batch's events have been accepted already. Changes nothing. */
  Set<String> known(Batch batch) {
    return knownIds.of(batch);
  }

  private void takeOffer(Submission.Offer offer, CommitBuilder work) {
    if (!passTo(receipt(offer.offered()), work)) {
      work.rest.add(offer);
      return;
    }
    int accepted = offer.done().accepted();
    int duplicates = offer.done().duplicates();
    for (int index = 0; index < offer.size(); index++) {
      if (index > 0 && work.isFull()) {
        work.rest.add(offer.after(index, new Intake.Receipt.Accepted(accepted, duplicates)));
        return;
      }
      if (take(offer.events().get(index), offer.offered(), work)) {
        accepted++;
      } else {
        duplicates++;
      }
    }
    Intake.Receipt.Accepted receipt = new Intake.Receipt.Accepted(accepted, duplicates);
    metrics.evaluated(Duration.between(offer.offered(), clock.instant()));
    work.effects.add(new CommitEffect.OfferAccepted(offer, receipt));
  }

  private void takeBlind(Submission.BlindPeriod blind, CommitBuilder work) {
    Instant received = receipt(blind.came());
    if (!passTo(received, work)) {
      work.rest.add(blind);
      return;
    }
    apply(
        new JournalEntry.BlindEntry(
            ++sequence, received, blind.from(), blind.until(), blind.cause().label()),
        work);
    work.tell(consequences.of(blind));
    boolean begins = blind.from().isAfter(blindUntil);
    Instant known = begins ? blind.from() : blindUntil;
    Duration longer =
        blind.until().isAfter(known) ? Duration.between(known, blind.until()) : Duration.ZERO;
    blindUntil = known.plus(longer);
    work.effects.add(new CommitEffect.BlindRecorded(blind, begins, longer));
  }

  /** Without a blind interval ahead of the host's clock it changes nothing, and is no entry. */
  private void takeSetBack(Submission.ClockSetBack back, CommitBuilder work) {
    SteadyClock.SetBack step = back.step();
    if (state.isBlindAfter(step.host())) {
      apply(
          new JournalEntry.ClockSetBackEntry(
              ++sequence, receipt(back.came()), step.before(), step.host()),
          work);
      blindUntil = blindUntil.isBefore(step.host()) ? blindUntil : step.host();
    }
  }

  private void takeCompletion(Submission.Completion completion, Instant now, CommitBuilder work) {
    String outcome =
        switch (completion.outcome()) {
          case ActionOutcome.Executed executed -> {
            executed.effects().forEach(effect -> apply(effect, now, work));
            yield "executed";
          }
          case ActionOutcome.Failed _ -> "failed";
        };
    work.results.add(
        new InvocationResult(
            completion.invocation().id(),
            outcome,
            completion.finished(),
            OutcomeJson.write(completion.outcome())));
    work.tell(consequences.of(completion));
    work.effects.add(new CommitEffect.InvocationEnded(completion, outcome));
  }

  private void takeDeclare(Submission.Declare declare, Instant now, CommitBuilder work) {
    AutomationDeclaration declaration = declare.declaration();
    DeclarationPlan plan =
        state.inForce().isAsDeclared(declaration.origin(), declaration.automations())
            ? state.plan(declaration.origin(), declaration.automations())
            : declare(declaration, now, work);
    work.effects.add(new CommitEffect.AutomationsDeclared(declare, plan));
  }

  private void apply(ActionOutcome.Effect effect, Instant now, CommitBuilder work) {
    switch (effect) {
      case ActionOutcome.Effect.Emit emit -> work.tell(emit.event());
      case ActionOutcome.Effect.SetPaused setPaused -> {
        Instant received = receipt(now);
        apply(
            new JournalEntry.PauseEntry(
                ++sequence, received, setPaused.automation(), setPaused.paused()),
            work);
      }
    }
  }

  /** Takes an event in unless its id is known; says whether it did. */
  private boolean take(EncodedEvent offered, Instant came, CommitBuilder work) {
    if (!work.seen.add(offered.event().id())) {
      return false;
    }
    JournalEntry.EventEntry entry =
        new JournalEntry.EventEntry(++sequence, offered.receivedAt(receipt(came)));
    work.take(entry);
    follow(state.apply(entry), entry.event(), entry.received(), work);
    return true;
  }

  private void apply(JournalEntry entry, CommitBuilder work) {
    work.entries.add(entry);
    follow(state.apply(entry), null, entry.received(), work);
  }

  private void follow(Step step, @Nullable Event cause, Instant now, CommitBuilder work) {
    measure(step);
    for (Firing firing : step.firings()) {
      Automation automation = inForce(firing.automation());
      work.fire(new CommitBuilder.Following.Fired(firing, automation, sequence, now), cause);
      work.effects.add(new CommitEffect.AutomationFired(automation.id(), automation.name()));
    }
    for (Step.LoopStop loop : step.loops()) {
      work.tell(consequences.of(loop, inForce(loop.automation()), now));
    }
    for (Step.Eviction eviction : evictedKeys.toReport(step, cause, now)) {
      work.tell(consequences.of(eviction, inForce(eviction.automation()), cause, now));
    }
  }

  private Automation inForce(String id) {
    Automation automation = state.inForce().all().find(id);
    if (automation == null) {
      throw new IllegalStateException("automation " + id + " fired and is not in force");
    }
    return automation;
  }

  private void measure(Step step) {
    metrics.keysEvicted(step.evictedKeys());
    if (step.observations().stream().anyMatch(each -> each.outcome() != Outcome.ADVANCED)) {
      metrics.eventsMatched(1);
    }
    for (Step.Observation observation : step.observations()) {
      if (observation.outcome() == Outcome.CONDITION_FAULTY) {
        metrics.conditionFailed();
      }
    }
  }
}
