package dev.tocsin.engine.replay;

import dev.tocsin.config.Automation;
import dev.tocsin.config.AutomationSet;
import dev.tocsin.config.testing.TestCase;
import dev.tocsin.config.testing.TestCase.ExpectedFiring;
import dev.tocsin.engine.replay.DryRequests.DryRequest;
import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.runtime.RuntimeSettings;
import dev.tocsin.triggers.runtime.Step;
import dev.tocsin.wire.EncodedEvent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs one test, with a clock that goes by its events alone. */
public final class TestRun {

  /** A test with more firings is stopped. */
  public static final int MOST_FIRINGS = 100_000;

  private final TestCase test;
  private final Map<String, Event> events = new HashMap<>();
  private final List<Seen> seen = new ArrayList<>();
  private final List<Firing> firings = new ArrayList<>();

  private TestRun(TestCase test) {
    this.test = test;
  }

  /**
   * What an event did.
   *
   * @param event or null if only time passed
   */
  record Seen(@Nullable Event event, List<Step.Observation> observations) {}

  /** Ends a test that fires without end. */
  private static final class TooManyFiringsException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Runs a test; returns the lines of the difference, none if it passes. */
  public static List<String> run(
      TestCase test, RuntimeSettings settings, String namespace, DryRequests requests) {
    TestRun run = new TestRun(test);
    try {
      run.replay(settings, namespace);
    } catch (TooManyFiringsException e) {
      return List.of("fires more than " + MOST_FIRINGS + " times: the test was stopped");
    }
    return run.differences(requests);
  }

  private void replay(RuntimeSettings settings, String namespace) {
    Replay replay = new Replay(test.automations(), settings, test.start(), namespace, this::saw);
    ArrayDeque<TestCase.BlindInterval> blind = new ArrayDeque<>(test.blind());
    for (Event event : test.events()) {
      events.putIfAbsent(event.id(), event);
      takeBlind(replay, blind, event.received());
      replay.take(new JournalEntry.EventEntry(0, EncodedEvent.unstored(event)));
    }
    takeBlind(replay, blind, test.until());
    replay.pass(test.until());
  }

  /** Takes what begins up to an instant. */
  private static void takeBlind(
      Replay replay, ArrayDeque<TestCase.BlindInterval> blind, Instant until) {
    for (TestCase.BlindInterval next = blind.peek();
        next != null && !next.from().isAfter(until);
        next = blind.peek()) {
      blind.remove();
      replay.take(new JournalEntry.BlindEntry(0, next.from(), next.from(), next.until(), "test"));
    }
  }

  private void saw(@Nullable Event event, Step step) {
    if (firings.size() + step.firings().size() > MOST_FIRINGS) {
      throw new TooManyFiringsException();
    }
    firings.addAll(step.firings());
    if (event != null || !step.observations().isEmpty()) {
      seen.add(new Seen(event, step.observations()));
    }
  }

  private List<String> differences(DryRequests requests) {
    List<String> lines = new ArrayList<>();
    FiringComparison firingsCompared = new FiringComparison(test.automations());
    Set<String> missed = new LinkedHashSet<>();
    List<ExpectedFiring> expect = test.expect();
    if (expect != null) {
      lines.addAll(firingsCompared.exactly(expect, firings, missed));
    }
    lines.addAll(firingsCompared.including(test.includes(), firings, missed));
    Outcomes outcomes = new Outcomes(seen);
    for (String id : missed) {
      lines.addAll(outcomes.of(automation(id)));
    }
    List<TestCase.ExpectedRequest> expectedRequests = test.requests();
    if (expectedRequests != null) {
      lines.addAll(RequestComparison.compare(expectedRequests, dryRequests(requests)));
    }
    return lines;
  }

  private List<DryRequest> dryRequests(DryRequests requests) {
    List<DryRequest> made = new ArrayList<>();
    for (Firing firing : firings) {
      String id = firing.event();
      Event event = id == null ? null : events.get(id);
      made.addAll(requests.of(firing, automation(firing.automation()), event));
    }
    return made;
  }

  private Automation automation(String id) {
    return declared(test.automations(), id);
  }

  /** The automation of an id that is declared. */
  static Automation declared(AutomationSet automations, String id) {
    Automation automation = automations.find(id);
    if (automation == null) {
      throw new IllegalStateException("automation " + id + " is not declared");
    }
    return automation;
  }
}
