package dev.tocsin.triggers.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.Reason;
import dev.tocsin.triggers.Trials;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What holds for every trace: the law, and that neither ticks nor restarts change anything. */
class LawTest {

  @Test
  void agreesWithTheSlowTwin() {
    Map<String, Integer> seen = new HashMap<>();
    Trials.run(
        1_000,
        random -> {
          Traces.Trace trace = Traces.trace(random);
          TriggerRuntime runtime = start(trace);
          SlowTwin twin = new SlowTwin(trace.declarations(), trace.settings());
          for (int i = 0; i < trace.entries().size(); i++) {
            List<String> expected = twin.evaluate(trace.entries().get(i));
            assertThat(lines(evaluate(runtime, trace.entries().get(i))))
                .as("entry %s of %s", i, trace)
                .containsExactlyInAnyOrderElementsOf(expected);
            expected.forEach(line -> seen.merge(line.split(" ", 3)[1], 1, Integer::sum));
          }
        });
    assertThat(seen).as("a trace that shows nothing proves nothing").hasSize(3);
  }

  @Test
  void agreesWithTheSlowTwinOfTime() {
    Map<String, Integer> seen = new HashMap<>();
    Trials.run(
        1_000,
        random -> {
          Traces.Trace trace = Traces.traceOfTime(random);
          TriggerRuntime runtime = start(trace);
          SlowTwinOfTime twin =
              new SlowTwinOfTime(trace.declarations(), trace.settings(), Traces.START);
          Set<String> ids = new HashSet<>();
          for (int i = 0; i < trace.entries().size(); i++) {
            List<String> expected = twin.evaluate(trace.entries().get(i));
            Step step = evaluate(runtime, trace.entries().get(i));
            assertThat(step.firings().stream().map(LawTest::lineOfTime))
                .as("entry %s of %s", i, trace)
                .containsExactlyElementsOf(expected);
            assertThat(step.firings())
                .as("each has an id of its own: entry %s of %s", i, trace)
                .allMatch(firing -> ids.add(firing.id()));
            kindsOfTime(step).forEach(kind -> seen.merge(kind, 1, Integer::sum));
          }
        });
    assertThat(seen)
        .as("a trace that shows nothing proves nothing")
        .containsOnlyKeys("Triggered", "Resolved", "extended", "blind", "suppressed");
  }

  @Test
  void aCutAnywhereInATraceOfTimeHasTheSameFuture() {
    Trials.run(
        100,
        random -> {
          Traces.Trace trace = Traces.traceOfTime(random);
          assertSameFutureAfterEveryCut(
              trace.declarations(), trace.settings(), Traces.START, trace.entries());
        });
  }

  @Test
  void ticksChangeNothingInATraceOfTime() {
    Trials.run(
        200,
        random -> {
          Traces.Trace trace = Traces.traceOfTime(random);
          assertTicksChangeNothing(
              trace.declarations(), trace.settings(), Traces.START, trace.entries(), random);
        });
  }

  private static Stream<String> kindsOfTime(Step step) {
    Stream<String> fired =
        step.firings().stream()
            .map(
                firing ->
                    firing.reason() instanceof Reason.Absent absent && absent.blind() != null
                        ? absent.blind().extended() ? "extended" : "blind"
                        : firing.state().label());
    return Stream.concat(
        fired,
        step.observations().stream()
            .filter(observation -> observation.outcome() == Outcome.SUPPRESSED)
            .map(_ -> "suppressed"));
  }

  private static String lineOfTime(Firing firing) {
    return SlowTwinOfTime.line(
        firing.automation(),
        firing.state().label(),
        firing.triggered(),
        firing.labels(),
        firing.event());
  }

  @Test
  void ticksChangeNothing() {
    Trials.run(
        200,
        random -> {
          Traces.Trace trace = Traces.trace(random);
          TriggerRuntime quiet = start(trace);
          TriggerRuntime ticked = start(trace);
          for (Traces.Entry entry : trace.entries()) {
            tickUpTo(entry, ticked, random);
            assertThat(evaluate(ticked, entry)).isEqualTo(evaluate(quiet, entry));
          }
          assertThat(ticked.checkpoint()).isEqualTo(quiet.checkpoint());
          assertThat(ticked.keys()).isEqualTo(quiet.keys());
        });
  }

  private static void tickUpTo(Traces.Entry entry, TriggerRuntime runtime, Random random) {
    long left = Duration.between(runtime.clock(), entry.now()).toNanos() / 1_000;
    for (int ticks = random.nextInt(4); left > 0 && ticks > 0; ticks--) {
      long step = random.nextLong(left + 1);
      assertThat(runtime.advanceTo(runtime.clock().plusNanos(step * 1_000)).firings()).isEmpty();
      left -= step;
      if (random.nextInt(4) == 0) {
        // Reading is not an entry either.
        runtime.checkpoint();
        runtime.keys();
      }
    }
  }

  @Test
  void aCutAnywhereHasTheSameFuture() {
    Trials.run(
        50,
        random -> {
          Traces.Trace trace = Traces.trace(random);
          assertSameFutureAfterEveryCut(
              trace.declarations(), trace.settings(), Traces.START, trace.entries());
        });
  }

  @Test
  void aCutAnywhereHasTheSameFutureWhereStateIsBounded() {
    int[] evicted = {0};
    Trials.run(
        100,
        random -> {
          Traces.Trace trace =
              random.nextBoolean() ? Traces.trace(random) : Traces.traceOfTime(random);
          assertSameFutureAfterEveryCut(
                  trace.declarations(),
                  trace.settings(),
                  Traces.START,
                  trace.entries(),
                  100L + random.nextInt(400))
              .forEach(step -> evicted[0] += step.evictedKeys());
        });
    assertThat(evicted[0]).as("a trace that shows nothing proves nothing").isGreaterThan(100);
  }

  /** Settings that change decide as they do for a runtime that is restored with them. */
  @Test
  void otherSettingsDecideAsAfterARestart() {
    Trials.run(
        200,
        random -> {
          Traces.Trace trace = Traces.trace(random);
          RuntimeSettings others =
              new RuntimeSettings(
                  Duration.ofSeconds(random.nextInt(100)),
                  1 + random.nextInt(5),
                  Duration.ofSeconds(random.nextInt(20)),
                  Duration.ofSeconds(random.nextInt(100)),
                  random.nextInt(50));
          TriggerRuntime changed = start(trace);
          int cut = random.nextInt(trace.entries().size());
          trace.entries().subList(0, cut).forEach(entry -> evaluate(changed, entry));
          TriggerRuntime restarted =
              TriggerRuntime.restore(trace.declarations(), others, changed.checkpoint());
          restarted.activateNew(changed.clock());
          changed.configure(others, TriggerRuntime.UNBOUNDED, changed.clock());
          for (Traces.Entry entry : trace.entries().subList(cut, trace.entries().size())) {
            assertThat(evaluate(changed, entry)).isEqualTo(evaluate(restarted, entry));
          }
        });
  }

  /** Neither ticks nor what is read in between decides what has lapsed before a key is evicted. */
  @Test
  void ticksAndReadingChangeNothingOfWhatIsEvicted() {
    Trials.run(
        200,
        random -> {
          Traces.Trace trace = Traces.trace(random);
          long bound = 100L + random.nextInt(400);
          TriggerRuntime quiet = start(trace);
          TriggerRuntime ticked = start(trace);
          quiet.configure(trace.settings(), bound, Traces.START);
          ticked.configure(trace.settings(), bound, Traces.START);
          for (Traces.Entry entry : trace.entries()) {
            tickUpTo(entry, ticked, random);
            assertThat(evaluate(ticked, entry)).isEqualTo(evaluate(quiet, entry));
          }
          assertThat(ticked.checkpoint()).isEqualTo(quiet.checkpoint());
        });
  }

  @TestFactory
  Stream<DynamicTest> aCutAnywhereInAVectorHasTheSameFuture() {
    return vectors()
        .map(
            scenario ->
                DynamicTest.dynamicTest(
                    scenario.name(),
                    () ->
                        assertSameFutureAfterEveryCut(
                            scenario.declarations(),
                            RuntimeSettings.DEFAULT,
                            scenario.start(),
                            entries(scenario))));
  }

  @TestFactory
  Stream<DynamicTest> ticksChangeNothingInAVector() {
    return vectors()
        .map(
            scenario ->
                DynamicTest.dynamicTest(
                    scenario.name(),
                    () ->
                        assertTicksChangeNothing(
                            scenario.declarations(),
                            RuntimeSettings.DEFAULT,
                            scenario.start(),
                            entries(scenario),
                            new Random(scenario.name().hashCode()))));
  }

  private static Stream<Scenario> vectors() {
    return Stream.concat(
        Scenario.all("cases.ndjson.gz").stream(),
        Scenario.all("random.ndjson.gz").subList(0, 300).stream());
  }

  private static List<Traces.Entry> entries(Scenario scenario) {
    List<Traces.Entry> entries = new ArrayList<>();
    for (Event event : scenario.events()) {
      entries.add(new Traces.Entry.Arrives(event, event.received()));
    }
    entries.add(new Traces.Entry.Ticked(scenario.until()));
    return entries;
  }

  /** Whatever the ticks between two entries: together they give the firings that the entry gave. */
  private static void assertTicksChangeNothing(
      List<Declaration> declarations,
      RuntimeSettings settings,
      Instant start,
      List<Traces.Entry> entries,
      Random random) {
    TriggerRuntime quiet = new TriggerRuntime(declarations, settings, start);
    TriggerRuntime ticked = new TriggerRuntime(declarations, settings, start);
    for (Traces.Entry entry : entries) {
      List<Firing> firings = new ArrayList<>();
      for (Instant next = nextTick(ticked, entry.now(), random);
          next.isBefore(entry.now());
          next = nextTick(ticked, entry.now(), random)) {
        firings.addAll(ticked.advanceTo(next).firings());
      }
      firings.addAll(evaluate(ticked, entry).firings());
      assertThat(firings).isEqualTo(evaluate(quiet, entry).firings());
      assertThat(ticked.checkpoint()).isEqualTo(quiet.checkpoint());
      assertThat(ticked.nextDeadline()).isEqualTo(quiet.nextDeadline());
    }
  }

  /** At the next deadline, just before it, some time, or none before the entry. */
  private static Instant nextTick(TriggerRuntime runtime, Instant end, Random random) {
    Instant next = runtime.nextDeadline();
    Instant clock = runtime.clock();
    Instant due = next == null ? end : next;
    Instant tick =
        switch (random.nextInt(4)) {
          case 0 -> due;
          case 1 -> due.minusNanos(1_000);
          case 2 -> clock.plusNanos(1_000L * (1 + random.nextInt(30_000_000)));
          default -> end;
        };
    return tick.isAfter(clock) ? tick : end;
  }

  private static void assertSameFutureAfterEveryCut(
      List<Declaration> declarations,
      RuntimeSettings settings,
      Instant start,
      List<Traces.Entry> entries) {
    assertSameFutureAfterEveryCut(declarations, settings, start, entries, TriggerRuntime.UNBOUNDED);
  }

  /** With a bound on all state; the steps of the entries. */
  private static List<Step> assertSameFutureAfterEveryCut(
      List<Declaration> declarations,
      RuntimeSettings settings,
      Instant start,
      List<Traces.Entry> entries,
      long maxStateBytes) {
    TriggerRuntime whole = new TriggerRuntime(declarations, settings, start);
    whole.configure(settings, maxStateBytes, start);
    List<Checkpoint> cuts = new ArrayList<>();
    List<Checkpoint> chains = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    List<StatePage> chain = new ArrayList<>();
    for (Traces.Entry entry : entries) {
      cuts.add(whole.checkpoint());
      chains.add(append(chain, whole.handOver(false)));
      steps.add(evaluate(whole, entry));
    }
    Checkpoint end = whole.checkpoint();
    for (int cut = 0; cut < cuts.size(); cut++) {
      for (Checkpoint from : List.of(cuts.get(cut), chains.get(cut))) {
        TriggerRuntime restored = TriggerRuntime.restore(declarations, settings, from);
        assertThat(restored.checkpoint()).isEqualTo(cuts.get(cut));
        for (int i = cut; i < entries.size(); i++) {
          assertThat(evaluate(restored, entries.get(i)))
              .as("entry %s after a cut at %s of %s", i, cut, declarations)
              .isEqualTo(steps.get(i));
        }
        assertThat(restored.checkpoint()).isEqualTo(end);
        assertChangesGoOn(declarations, settings, from, restored);
      }
    }
    return steps;
  }

  /** What a store would hold: pages behind pages, until there are all of them anew. */
  private static Checkpoint append(List<StatePage> chain, Checkpoint changes) {
    if (changes.isWhole()) {
      chain.clear();
    }
    changes.pages().forEach(chain::add);
    return changes.with(List.copyOf(chain));
  }

  /** What changed since it was restored, behind what it was restored from, is what it is now. */
  private static void assertChangesGoOn(
      List<Declaration> declarations,
      RuntimeSettings settings,
      Checkpoint from,
      TriggerRuntime restored) {
    List<StatePage> chain = new ArrayList<>();
    from.pages().forEach(chain::add);
    Checkpoint next = append(chain, restored.handOver(false));
    assertThat(TriggerRuntime.restore(declarations, settings, next).checkpoint())
        .isEqualTo(restored.checkpoint());
  }

  private static TriggerRuntime start(Traces.Trace trace) {
    return new TriggerRuntime(trace.declarations(), trace.settings(), Traces.START);
  }

  static Step evaluate(TriggerRuntime runtime, Traces.Entry entry) {
    return switch (entry) {
      case Traces.Entry.Arrives arrival -> runtime.offer(arrival.event(), arrival.now());
      case Traces.Entry.Ticked tick -> runtime.advanceTo(tick.now());
      case Traces.Entry.Blind blind -> runtime.blind(blind.now(), blind.until());
      case Traces.Entry.Switched flip ->
          runtime.setActive(flip.automation(), flip.on(), flip.now());
    };
  }

  private static List<String> lines(Step step) {
    List<String> lines = new ArrayList<>();
    step.evicted()
        .forEach(key -> lines.add(SlowTwin.evicted(key.automation(), key.key().values())));
    step.loops().forEach(loop -> lines.add(SlowTwin.stopped(loop.automation(), loop.event())));
    step.firings()
        .forEach(
            firing ->
                lines.add(
                    SlowTwin.fired(
                        firing.automation(), String.valueOf(firing.event()), firing.labels())));
    return lines;
  }
}
