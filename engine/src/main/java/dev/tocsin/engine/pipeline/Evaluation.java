package dev.tocsin.engine.pipeline;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tocsin.actions.ActionOutcome;
import dev.tocsin.actions.OutcomeJson;
import dev.tocsin.engine.metrics.Metrics;
import dev.tocsin.engine.store.Store;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.Outcome;
import dev.tocsin.triggers.Step;
import dev.tocsin.triggers.TriggerRuntime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Sinks;

/**
 * Gives every entry its place in the one order and evaluates it. Owns the trigger state; for the
 * writer thread alone. What it decides lies in the returned value: nothing is durable or visible
 * yet.
 */
final class Evaluation {

  /** How many of the latest event ids are known without asking the store. */
  private static final int RECENT_IDS = 200_000;

  private final Store store;
  private final TriggerRuntime runtime;
  private final Consequences consequences;
  private final InstantSource clock;
  private final Metrics metrics;
  private final Recovery recovery;
  private final Cache<String, Boolean> recentIds =
      Caffeine.newBuilder().maximumSize(RECENT_IDS).build();
  private long sequence;

  /**
   * Continues after what is in the store.
   *
   * @param runtime with the state after the store's last entry
   * @param recovery that brought it there
   */
  Evaluation(
      Store store,
      TriggerRuntime runtime,
      Consequences consequences,
      InstantSource clock,
      Metrics metrics,
      Recovery recovery) {
    this.store = store;
    this.runtime = runtime;
    this.consequences = consequences;
    this.clock = clock;
    this.metrics = metrics;
    this.recovery = recovery;
    this.sequence = store.lastSequence();
  }

  /**
   * Evaluates a batch: own events first, then each submission in order.
   *
   * @param known what {@link #known} says of the batch
   */
  Evaluated evaluate(Batch batch, Set<String> known) {
    Work work = new Work(known);
    for (Store.FeedbackEvent feedback : batch.feedback()) {
      work.feedbackTaken.add(feedback.position());
      take(feedback.event(), work);
    }
    for (Submission submission : batch.submissions()) {
      switch (submission) {
        case Submission.Offer offer -> takeOffer(offer, work);
        case Submission.Completion completion -> takeCompletion(completion, work);
      }
    }
    work.seen.forEach(id -> recentIds.put(id, true));
    return work.evaluated();
  }

  /** All state after the last entry given out. */
  Store.Checkpoint checkpoint() {
    return recovery.stored(sequence, runtime);
  }

  /** Which ids of a batch's events have been accepted already. Changes nothing. */
  Set<String> known(Batch batch) {
    Set<String> known = new HashSet<>();
    Set<String> asked = new LinkedHashSet<>();
    for (Store.FeedbackEvent feedback : batch.feedback()) {
      ask(feedback.event().id(), known, asked);
    }
    for (Submission submission : batch.submissions()) {
      if (submission instanceof Submission.Offer offer) {
        offer.events().forEach(event -> ask(event.id(), known, asked));
      }
    }
    if (!asked.isEmpty()) {
      known.addAll(store.known(asked));
    }
    return known;
  }

  private void ask(String id, Set<String> known, Set<String> asked) {
    if (recentIds.getIfPresent(id) != null) {
      known.add(id);
    } else {
      asked.add(id);
    }
  }

  private void takeOffer(Submission.Offer offer, Work work) {
    int accepted = 0;
    for (Event event : offer.events()) {
      if (take(event, work)) {
        accepted++;
      }
    }
    Intake.Receipt.Accepted receipt =
        new Intake.Receipt.Accepted(accepted, offer.size() - accepted);
    metrics.evaluated(Duration.between(offer.offered(), clock.instant()));
    work.whenDurable.add(
        () -> {
          metrics.eventsAccepted(receipt.accepted());
          metrics.eventsDuplicated(receipt.duplicates());
          offer.receipt().emitValue(receipt, Sinks.EmitFailureHandler.FAIL_FAST);
        });
  }

  private void takeCompletion(Submission.Completion completion, Work work) {
    String outcome =
        switch (completion.outcome()) {
          case ActionOutcome.Executed executed -> {
            executed.effects().forEach(effect -> apply(effect, work));
            yield "executed";
          }
          case ActionOutcome.Failed _ -> "failed";
        };
    work.results.add(
        new Store.InvocationResult(
            completion.invocation().id(),
            outcome,
            completion.finished(),
            OutcomeJson.write(completion.outcome())));
    work.feedback.add(consequences.of(completion));
    work.whenDurable.add(
        () -> {
          metrics.actionEnded(completion.invocation().action().type(), outcome);
          metrics.templatePathsUndefined(completion.outcome().report().undefined().size());
          completion.receipt().emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        });
  }

  private void apply(ActionOutcome.Effect effect, Work work) {
    switch (effect) {
      case ActionOutcome.Effect.Emit emit -> work.feedback.add(emit.event());
      case ActionOutcome.Effect.SetPaused setPaused -> {
        Instant received = receipt();
        work.entries.add(
            new Store.JournalEntry.PauseEntry(
                ++sequence, received, setPaused.automation(), setPaused.paused()));
        follow(
            runtime.setActive(setPaused.automation(), !setPaused.paused(), received),
            null,
            received,
            work);
      }
    }
  }

  /** Takes an event in unless its id is known; says whether it did. */
  private boolean take(Event offered, Work work) {
    if (!work.seen.add(offered.id())) {
      return false;
    }
    Event event = offered.receivedAt(receipt());
    work.entries.add(new Store.JournalEntry.EventEntry(++sequence, event));
    follow(recovery.evaluate(event, runtime), event, event.received(), work);
    return true;
  }

  private void follow(Step step, @Nullable Event event, Instant now, Work work) {
    measure(step);
    for (Firing firing : step.firings()) {
      Consequences.OfFiring of = consequences.of(firing, sequence, event, now);
      work.firings.add(of.firing());
      work.whenDurable.add(() -> metrics.fired(firing.automation()));
      work.invocations.addAll(of.invocations());
      work.feedback.addAll(of.feedback());
    }
    step.loops().forEach(loop -> work.feedback.add(consequences.of(loop, now)));
  }

  private void measure(Step step) {
    if (!step.observations().isEmpty()) {
      metrics.eventsMatched(1);
    }
    for (Step.Observation observation : step.observations()) {
      if (observation.outcome() == Outcome.CONDITION_FAULTY) {
        metrics.conditionFailed();
      }
    }
  }

  /** The receipt of the next entry: now, or the one before where the clock went back. */
  private Instant receipt() {
    Instant now = clock.instant();
    return now.isBefore(runtime.clock()) ? runtime.clock() : now;
  }

  /** A batch on its way through evaluation. */
  private static final class Work {

    final Set<String> seen;
    final List<Store.JournalEntry> entries = new ArrayList<>();
    final List<Store.StoredFiring> firings = new ArrayList<>();
    final List<Store.StoredInvocation> invocations = new ArrayList<>();
    final List<Store.InvocationResult> results = new ArrayList<>();
    final List<Event> feedback = new ArrayList<>();
    final List<Long> feedbackTaken = new ArrayList<>();
    final List<Runnable> whenDurable = new ArrayList<>();

    Work(Set<String> known) {
      this.seen = new HashSet<>(known);
    }

    Evaluated evaluated() {
      Set<String> destinations = new LinkedHashSet<>();
      invocations.forEach(invocation -> destinations.add(invocation.destination()));
      return new Evaluated(
          new Store.Commit(entries, firings, invocations, results, feedback, feedbackTaken),
          destinations,
          whenDurable);
    }
  }
}
