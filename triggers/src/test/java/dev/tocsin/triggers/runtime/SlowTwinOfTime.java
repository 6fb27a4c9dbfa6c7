package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.CompoundTrigger;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.OnBlind;
import dev.tocsin.triggers.Posture;
import dev.tocsin.triggers.SequenceTrigger;
import dev.tocsin.triggers.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The law read aloud for absences, composites and blind intervals: every key keeps all that it saw,
 * and what is due or held is worked out of that from scratch each time, what was blind second by
 * second. Its Reactive triggers fire at each event. No index, no machine, no microseconds, no queue
 * of deadlines.
 */
final class SlowTwinOfTime {

  private final List<Part> roots = new ArrayList<>();
  private final List<Watch> watches = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private final List<Traces.Entry.Blind> blind = new ArrayList<>();
  private final Duration lapse;
  private Instant clock;
  private long orders;

  SlowTwinOfTime(List<Declaration> declarations, RuntimeSettings settings, Instant start) {
    this.lapse = settings.lapse();
    this.clock = start;
    declarations.forEach(each -> roots.add(part(each.trigger(), each.automation(), null, 0)));
    watches.forEach(Watch::activate);
  }

  /** The firings of one entry, a line each, in order. */
  List<String> evaluate(Traces.Entry entry) {
    lines.clear();
    for (Due due = first(entry.now()); due != null; due = first(entry.now())) {
      clock = due.evaluated.isAfter(clock) ? due.evaluated : clock;
      due.watch.evaluate(due.key);
    }
    clock = entry.now().isAfter(clock) ? entry.now() : clock;
    if (entry instanceof Traces.Entry.Blind interval) {
      blind.add(interval);
    }
    if (entry instanceof Traces.Entry.Arrives arrival) {
      for (Due due = ended(arrival.event()); due != null; due = ended(arrival.event())) {
        due.watch.evaluate(due.key);
        due.watch.forget(due.key);
      }
      roots.forEach(root -> root.offer(arrival.event()).forEach(fired -> say(root, fired)));
    }
    return List.copyOf(lines);
  }

  static String line(
      String automation,
      String state,
      Instant at,
      Map<String, String> labels,
      @Nullable String event) {
    return automation + " " + state + " at " + at + " " + labels + " by " + event;
  }

  private void say(Part root, Fired fired) {
    lines.add(line(root.automation, fired.state, fired.at, fired.labels, fired.event));
  }

  private void climb(Part part, Fired fired) {
    Composite parent = part.parent;
    if (parent == null) {
      say(part, fired);
    } else if (fired.state.equals("Triggered")) {
      Fired next = parent.accept(part.child, fired);
      if (next != null) {
        climb(parent, next);
      }
    }
  }

  /** A deadline, when it is evaluated, and how long it waits for late events alone. */
  private record Due(
      Watch watch, BucketingKey key, Instant evaluated, Instant deadline, Duration waits) {}

  private boolean isBlind(Instant instant) {
    return blind.stream()
        .anyMatch(each -> !instant.isBefore(each.now()) && instant.isBefore(each.until()));
  }

  private Instant sightAfter(Instant instant) {
    Instant at = instant;
    while (isBlind(at)) {
      at = at.plusSeconds(1);
    }
    return at;
  }

  private Stream<Due> dues() {
    return watches.stream().flatMap(Watch::dues);
  }

  private @Nullable Due first(Instant now) {
    return dues()
        .filter(due -> !due.evaluated.isAfter(now))
        .min(
            Comparator.comparing(Due::evaluated)
                .thenComparing(Due::deadline)
                .thenComparingInt(due -> watches.indexOf(due.watch))
                .thenComparing(Due::key))
        .orElse(null);
  }

  private @Nullable Due ended(Event event) {
    return dues()
        .filter(due -> !due.deadline.isAfter(clock) && !due.deadline.isAfter(event.occurred()))
        .filter(due -> !sightAfter(due.deadline).isAfter(clock))
        .filter(due -> due.watch.covers(event) && due.watch.trigger.keyOf(event).equals(due.key))
        .min(
            Comparator.comparing(Due::deadline).thenComparingInt(due -> watches.indexOf(due.watch)))
        .orElse(null);
  }

  private Part part(Trigger trigger, String automation, @Nullable Composite parent, int child) {
    return switch (trigger) {
      case EventTrigger event when event.posture() instanceof Posture.Proactive posture -> {
        Watch watch = new Watch(event, posture, automation, parent, child);
        watches.add(watch);
        yield watch;
      }
      case EventTrigger event -> new Each(event, automation, parent, child);
      case CompoundTrigger all ->
          new Composite(
              all, all.triggers(), all.require(), false, all.within(), automation, parent, child);
      case SequenceTrigger all ->
          new Composite(
              all,
              all.triggers(),
              all.triggers().size(),
              true,
              all.within(),
              automation,
              parent,
              child);
    };
  }

  private record Fired(
      String state, Instant at, Map<String, String> labels, @Nullable String event) {}

  private abstract static class Part {

    final Trigger asked;
    final String automation;
    final @Nullable Composite parent;
    final int child;

    Part(Trigger asked, String automation, @Nullable Composite parent, int child) {
      this.asked = asked;
      this.automation = automation;
      this.parent = parent;
      this.child = child;
    }

    abstract List<Fired> offer(Event event);

    Fired fired(String state, Instant at, BucketingKey key, @Nullable String event) {
      Map<String, String> labels = new LinkedHashMap<>();
      for (int i = 0; i < asked.forEach().size(); i++) {
        labels.put(asked.forEach().get(i).text(), key.values().get(i));
      }
      return new Fired(state, at, labels, event);
    }
  }

  private static final class Each extends Part {

    private final EventTrigger trigger;

    Each(EventTrigger trigger, String automation, @Nullable Composite parent, int child) {
      super(trigger, automation, parent, child);
      this.trigger = trigger;
    }

    @Override
    List<Fired> offer(Event event) {
      return trigger.expects(event.name())
          ? List.of(fired("Triggered", event.occurred(), trigger.keyOf(event), event.id()))
          : List.of();
    }
  }

  /** All that a key of a watch saw, in the order it came, since it was armed or opened. */
  private static final class Log {

    private final @Nullable Instant armed;
    private final List<Event> saw = new ArrayList<>();
    private final List<Duration> waits = new ArrayList<>();
    private final List<Instant> absences = new ArrayList<>();
    private Duration absenceWaits = Duration.ZERO;
    private @Nullable Due set;
    private int counted;

    Log(@Nullable Instant armed) {
      this.armed = armed;
    }
  }

  private final class Watch extends Part {

    private final EventTrigger trigger;
    private final Posture.Proactive posture;
    private final Map<BucketingKey, Log> logs = new LinkedHashMap<>();

    Watch(
        EventTrigger trigger,
        Posture.Proactive posture,
        String automation,
        @Nullable Composite parent,
        int child) {
      super(trigger, automation, parent, child);
      this.trigger = trigger;
      this.posture = posture;
    }

    void activate() {
      if (trigger.after().isEmpty()) {
        if (trigger.forEach().isEmpty()) {
          logs.put(BucketingKey.NONE, new Log(clock));
        }
        posture.roster().forEach(key -> logs.put(key, new Log(clock)));
      }
    }

    boolean covers(Event event) {
      return trigger.expects(event.name()) || trigger.opensOn(event.name());
    }

    Stream<Due> dues() {
      List<Due> dues = new ArrayList<>();
      logs.forEach(
          (key, log) -> {
            Due due = deadline(key, log);
            Instant forgotten = forgotten(log);
            if (forgotten != null) {
              dues.add(new Due(this, key, forgotten, Instant.MAX, Duration.ZERO));
            }
            if (due != null) {
              dues.add(due);
            }
          });
      return dues.stream();
    }

    void forget(BucketingKey key) {
      Log log = logs.get(key);
      Instant forgotten = log == null ? null : forgotten(log);
      if (forgotten != null && !forgotten.isAfter(clock)) {
        logs.remove(key);
      }
    }

    void evaluate(BucketingKey key) {
      forget(key);
      Log log = logs.get(key);
      Due due = log == null ? null : deadline(key, log);
      if (log == null || due == null) {
        return;
      }
      if (log.absences.isEmpty() && isSuppressed(due.deadline)) {
        suppress(key, log, due);
        return;
      }
      if (log.absences.isEmpty()) {
        log.absenceWaits = due.waits;
      }
      log.absences.add(due.deadline);
      if (!trigger.after().isEmpty()) {
        logs.remove(key);
      }
      String last = log.saw.isEmpty() ? null : log.saw.getLast().id();
      climb(this, fired("Triggered", due.deadline, key, last));
    }

    private boolean isSuppressed(Instant deadline) {
      return posture.onBlind() == OnBlind.SUPPRESS && lastBlind(deadline) != null;
    }

    private @Nullable Instant lastBlind(Instant deadline) {
      Instant last = null;
      for (Instant at = deadline.minus(trigger.within());
          at.isBefore(deadline);
          at = at.plusSeconds(1)) {
        last = isBlind(at) ? at : last;
      }
      return last;
    }

    private void suppress(BucketingKey key, Log log, Due due) {
      Instant last = lastBlind(due.deadline);
      if (!trigger.after().isEmpty() || last == null) {
        logs.remove(key);
        return;
      }
      Instant next = sightAfter(last).plus(trigger.within());
      log.set = new Due(this, key, next, next, due.waits);
    }

    private Due due(BucketingKey key, Instant deadline, Duration waits) {
      Instant waited = deadline.plus(waits);
      Instant seen = sightAfter(deadline);
      return new Due(this, key, seen.isAfter(waited) ? seen : waited, deadline, waits);
    }

    /** The deadline, later where the window is to last longer by what was blind inside it. */
    private Instant extended(Instant deadline) {
      if (posture.onBlind() != OnBlind.EXTEND) {
        return deadline;
      }
      Instant at = deadline.minus(trigger.within());
      for (long left = trigger.within().toSeconds(); left > 0; at = at.plusSeconds(1)) {
        left -= isBlind(at) ? 0 : 1;
      }
      return at;
    }

    private Instant newestRepeat(Instant deadline, Duration repeat) {
      Instant newest = deadline;
      while (isBlind(newest)
          && (posture.onBlind() == OnBlind.SUPPRESS
              || newest.plus(repeat).isBefore(sightAfter(newest)))) {
        newest = newest.plus(repeat);
      }
      return newest;
    }

    private @Nullable Instant forgotten(Log log) {
      boolean forgets =
          trigger.after().isEmpty() && !trigger.forEach().isEmpty() && posture.roster().isEmpty();
      return forgets && !log.absences.isEmpty()
          ? log.absences.getFirst().plus(posture.forgetAfter())
          : null;
    }

    private @Nullable Due deadline(BucketingKey key, Log log) {
      if (!trigger.after().isEmpty()) {
        Instant ends = log.saw.getFirst().occurred().plus(trigger.within());
        return due(key, extended(ends), log.waits.getFirst());
      }
      Duration repeat = posture.repeat();
      if (!log.absences.isEmpty()) {
        return repeat == null
            ? null
            : due(key, newestRepeat(log.absences.getLast().plus(repeat), repeat), log.absenceWaits);
      }
      Instant armed = log.armed == null ? log.saw.getFirst().occurred() : log.armed;
      Instant deadline = armed.plus(trigger.within());
      Duration wait = log.armed == null ? log.waits.getFirst() : posture.lateness();
      if (log.set != null) {
        deadline = log.set.deadline;
        wait = log.set.waits;
      }
      for (int seen = trigger.threshold(); seen <= log.saw.size(); seen++) {
        Instant until = nthNewest(log.saw.subList(0, seen)).plus(trigger.within());
        if (until.isAfter(deadline)) {
          deadline = until;
          wait = log.waits.get(seen - 1);
        }
      }
      return due(key, extended(deadline), wait);
    }

    private Instant nthNewest(List<Event> events) {
      return events.stream()
          .map(Event::occurred)
          .sorted(Comparator.reverseOrder())
          .skip(trigger.threshold() - 1L)
          .findFirst()
          .orElseThrow();
    }

    @Override
    List<Fired> offer(Event event) {
      if (!covers(event)) {
        return List.of();
      }
      BucketingKey key = trigger.keyOf(event);
      Log log = logs.get(key);
      if (log == null) {
        if (trigger.after().isEmpty() || trigger.opensOn(event.name())) {
          logs.put(key, see(new Log(null), event));
        }
        return List.of();
      }
      see(log, event);
      if (!trigger.after().isEmpty()) {
        closeIfSatisfied(key, log, event);
        return List.of();
      }
      boolean ends =
          !log.absences.isEmpty()
              && log.saw.size() >= trigger.threshold()
              && extended(nthNewest(log.saw).plus(trigger.within())).isAfter(clock);
      if (!ends) {
        return List.of();
      }
      log.absences.clear();
      Instant until = nthNewest(log.saw).plus(trigger.within());
      log.set = new Due(this, key, until, until, log.waits.getLast());
      return List.of(fired("Resolved", event.occurred(), key, event.id()));
    }

    private void closeIfSatisfied(BucketingKey key, Log log, Event event) {
      Instant start = log.saw.getFirst().occurred();
      if (trigger.expects(event.name())
          && !event.occurred().isBefore(start)
          && event.occurred().isBefore(extended(start.plus(trigger.within())))) {
        log.counted++;
      }
      if (log.counted >= trigger.threshold()) {
        logs.remove(key);
        if (trigger.opensOn(event.name())) {
          logs.put(key, see(new Log(null), event));
        }
      }
    }

    private Log see(Log log, Event event) {
      Duration lag = Duration.between(event.occurred(), clock);
      log.saw.add(event);
      log.waits.add(lag.compareTo(posture.lateness()) > 0 ? lag : posture.lateness());
      return log;
    }
  }

  private record Got(int child, Fired fired, long order) {

    static final Comparator<Got> ORDER =
        Comparator.<Got, Instant>comparing(got -> got.fired.at).thenComparingLong(Got::order);
  }

  private final class Composite extends Part {

    private final List<Part> children = new ArrayList<>();
    private final int require;
    private final boolean inOrder;
    private final @Nullable Duration within;
    private final Map<BucketingKey, List<Got>> gotten = new LinkedHashMap<>();
    private final Map<BucketingKey, Instant> lastTaken = new LinkedHashMap<>();

    Composite(
        Trigger asked,
        List<Trigger> triggers,
        int require,
        boolean inOrder,
        @Nullable Duration within,
        String automation,
        @Nullable Composite parent,
        int child) {
      super(asked, automation, parent, child);
      this.require = require;
      this.inOrder = inOrder;
      this.within = within;
      for (Trigger each : triggers) {
        children.add(part(each, automation, this, children.size()));
      }
    }

    @Override
    List<Fired> offer(Event event) {
      Map<BucketingKey, List<Got>> made = new LinkedHashMap<>();
      List<Got> all = new ArrayList<>();
      for (Part part : children) {
        for (Fired fired : part.offer(event)) {
          if (fired.state.equals("Triggered")) {
            Got got = new Got(part.child, fired, 0);
            all.add(got);
            made.computeIfAbsent(key(fired), _ -> new ArrayList<>()).add(got);
          }
        }
      }
      if (inOrder) {
        all.clear();
        made.forEach((key, candidates) -> all.add(oneStep(key, candidates)));
      }
      List<Fired> own = new ArrayList<>();
      for (Got got : all) {
        Fired fired = accept(got.child, got.fired);
        if (fired != null) {
          own.add(fired);
        }
      }
      return own;
    }

    private Got oneStep(BucketingKey key, List<Got> candidates) {
      for (Got candidate : candidates.reversed()) {
        List<Got> held = held(live(key), candidate.fired.at);
        if (isInOrder(held, candidate.child)) {
          return candidate;
        }
      }
      return candidates.getFirst();
    }

    private boolean isInOrder(List<Got> held, int first) {
      List<Integer> order =
          held.stream().filter(got -> got.child < first).sorted(Got.ORDER).map(Got::child).toList();
      return order.equals(Stream.iterate(0, i -> i + 1).limit(first).toList());
    }

    @Nullable Fired accept(int from, Fired fired) {
      BucketingKey key = key(fired);
      List<Got> all = new ArrayList<>(live(key));
      Got got = new Got(from, fired, orders++);
      all.add(got);
      List<Got> held = held(all, Instant.MIN);
      if (!held.contains(got)) {
        return null;
      }
      if (held.size() >= require && (!inOrder || isInOrder(held, children.size()))) {
        gotten.remove(key);
        lastTaken.remove(key);
        return fired("Triggered", fired.at, key, fired.event);
      }
      gotten.put(key, all);
      lastTaken.put(key, clock);
      return null;
    }

    /** The latest of each child, unless it is too old beside the newest of all, or an instant. */
    private List<Got> held(List<Got> all, Instant instant) {
      Map<Integer, Got> latest = new TreeMap<>();
      for (Got got : all) {
        latest.merge(got.child, got, (a, b) -> Got.ORDER.compare(a, b) > 0 ? a : b);
      }
      Instant newest =
          all.stream().map(got -> got.fired.at).max(Comparator.naturalOrder()).orElse(instant);
      Instant end = newest.isAfter(instant) ? newest : instant;
      return latest.values().stream()
          .filter(got -> within == null || !got.fired.at.isBefore(end.minus(within)))
          .toList();
    }

    private List<Got> live(BucketingKey key) {
      List<Got> all = gotten.getOrDefault(key, List.of());
      if (all.isEmpty() || within == null) {
        return all;
      }
      Instant ends = all.stream().map(g -> g.fired.at).max(Comparator.naturalOrder()).orElseThrow();
      Instant end = ends.plus(within);
      Instant taken = lastTaken.getOrDefault(key, end);
      Instant lapses = (taken.isAfter(end) ? taken : end).plus(lapse);
      return clock.isBefore(lapses) ? all : List.of();
    }

    private BucketingKey key(Fired fired) {
      return new BucketingKey(
          asked.forEach().stream()
              .map(each -> fired.labels.getOrDefault(each.text(), ""))
              .toList());
    }
  }
}
