package dev.tocsin.benchmarks.matching;

import dev.tocsin.benchmarks.Sample;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.RelatedResource;
import dev.tocsin.triggers.ResourceSpecification;
import dev.tocsin.triggers.index.TriggerIndex;
import dev.tocsin.triggers.runtime.Declaration;
import dev.tocsin.triggers.runtime.RuntimeSettings;
import dev.tocsin.triggers.runtime.Step;
import dev.tocsin.triggers.runtime.TriggerRuntime;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Events against many triggers: each trigger asked in turn, the index asked first, and the whole of
 * the runtime, which also counts and fires. Before anything is timed, all three must give the same
 * answer for every event.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
public class MatchingBenchmark {

  /** How many events the sample has. */
  static final int EVENTS = 200;

  /** How many triggers there are. */
  @Param({"10", "1000", "100000"})
  public int triggers;

  private Instant now = Instant.EPOCH;
  private List<Event> events = List.of();
  private List<EventTrigger> declared = List.of();
  private TriggerIndex index = TriggerIndex.of(List.of());
  private TriggerRuntime runtime =
      new TriggerRuntime(List.of(), RuntimeSettings.DEFAULT, Instant.EPOCH);

  /** Makes the triggers and compares the answers of all sides. */
  @Setup
  public void setUp() throws IOException {
    events = Sample.events();
    if (events.size() != EVENTS) {
      throw new IllegalStateException("the sample has " + events.size() + " events");
    }
    now = events.stream().map(Event::received).max(Instant::compareTo).orElseThrow();
    declared = SampleTriggers.make(triggers, events);
    index = TriggerIndex.of(declared);
    runtime = newRuntime();
    compareAnswers();
  }

  /** Each trigger is asked. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void linearScan(Blackhole blackhole) {
    for (Event event : events) {
      blackhole.consume(scan(event));
    }
  }

  /** The triggers that the index names are asked. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void index(Blackhole blackhole) {
    for (Event event : events) {
      blackhole.consume(ask(index.candidates(event), event));
    }
  }

  /** What the daemon does: index, match, bucketing key, state, firings. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void runtime(Blackhole blackhole) {
    for (Event event : events) {
      blackhole.consume(runtime.offer(event, now));
    }
  }

  private void compareAnswers() {
    TriggerRuntime fresh = newRuntime();
    for (Event event : events) {
      List<Integer> scanned = scan(event);
      List<Integer> indexed = ask(index.candidates(event), event);
      List<Integer> offered =
          fresh.offer(event, now).observations().stream()
              .map(Step.Observation::automation)
              .map(Integer::valueOf)
              .toList();
      if (!scanned.equals(indexed) || !scanned.equals(offered)) {
        throw new IllegalStateException(
            "the sides differ for event %s: scan %s, index %s, runtime %s"
                .formatted(event.id(), scanned, indexed, offered));
      }
    }
  }

  private TriggerRuntime newRuntime() {
    List<Declaration> declarations = new ArrayList<>();
    for (int position = 0; position < declared.size(); position++) {
      declarations.add(new Declaration(String.valueOf(position), declared.get(position), true));
    }
    return new TriggerRuntime(declarations, RuntimeSettings.DEFAULT, now);
  }

  private List<Integer> scan(Event event) {
    List<Integer> matched = new ArrayList<>();
    for (int position = 0; position < declared.size(); position++) {
      if (matches(declared.get(position), event)) {
        matched.add(position);
      }
    }
    return matched;
  }

  private List<Integer> ask(int[] candidates, Event event) {
    List<Integer> matched = new ArrayList<>();
    for (int position : candidates) {
      if (matches(declared.get(position), event)) {
        matched.add(position);
      }
    }
    return matched;
  }

  private static boolean matches(EventTrigger trigger, Event event) {
    if (!trigger.expects(event.name()) && !trigger.opensOn(event.name())) {
      return false;
    }
    if (!trigger.match().matches(event.resource().labels())) {
      return false;
    }
    for (ResourceSpecification specification : trigger.matchRelated()) {
      if (!specification.isEmpty() && !anyMatches(specification, event.related())) {
        return false;
      }
    }
    return true;
  }

  private static boolean anyMatches(
      ResourceSpecification specification, List<RelatedResource> related) {
    for (RelatedResource resource : related) {
      if (specification.matches(resource.labels())) {
        return true;
      }
    }
    return false;
  }
}
