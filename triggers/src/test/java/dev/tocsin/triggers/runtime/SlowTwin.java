package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.CodePoints;
import dev.tocsin.triggers.Condition;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.Labels;
import dev.tocsin.triggers.Pattern;
import dev.tocsin.triggers.ResourceSpecification;
import dev.tocsin.triggers.SlowPattern;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The law read aloud: keeps every event that a key ever took in, marks what becomes of it, and
 * works everything else out of these marks each time. No index, no machine, no microseconds.
 */
final class SlowTwin {

  private final List<Automation> automations = new ArrayList<>();
  private final RuntimeSettings settings;
  private Instant clock = Traces.START;
  private long changes;

  SlowTwin(List<Declaration> declarations, RuntimeSettings settings) {
    this.settings = settings;
    for (Declaration declaration : declarations) {
      automations.add(
          new Automation(
              declaration.automation(),
              (EventTrigger) declaration.trigger(),
              declaration.enabled()));
    }
  }

  /** What one entry does, a line each. */
  List<String> evaluate(Traces.Entry entry) {
    clock = entry.now().isAfter(clock) ? entry.now() : clock;
    List<String> lines = new ArrayList<>();
    switch (entry) {
      case Traces.Entry.Switched flip -> {
        for (Automation automation : automations) {
          if (automation.id.equals(flip.automation()) && automation.on != flip.on()) {
            automation.on = flip.on();
            automation.keys.clear();
          }
        }
      }
      case Traces.Entry.Ticked _, Traces.Entry.Blind _ -> {}
      case Traces.Entry.Arrives arrival -> {
        for (Automation automation : automations) {
          if (automation.on && automation.covers(arrival.event())) {
            automation.takeIn(arrival.event(), lines);
          }
        }
      }
    }
    return lines;
  }

  static String fired(String automation, String event, Map<String, String> labels) {
    return automation + " fires at " + event + " " + labels;
  }

  static String stopped(String automation, String event) {
    return automation + " stops a loop at " + event;
  }

  static String evicted(String automation, List<String> key) {
    return automation + " gives up " + key;
  }

  private enum Mark {
    COUNTS,
    OPENS,
    OVER
  }

  /** An event that changed a key. */
  private static final class Taken {

    private final Instant occurred;
    private Mark mark;

    Taken(Instant occurred, Mark mark) {
      this.occurred = occurred;
      this.mark = mark;
    }
  }

  private static final class Key {

    private final List<Taken> taken = new ArrayList<>();
    private @Nullable Instant quietUntil;
    private Instant lastTaken = Instant.MIN;
    private long lastChange;

    List<Instant> marked(Mark mark) {
      return taken.stream().filter(t -> t.mark == mark).map(t -> t.occurred).sorted().toList();
    }

    void close() {
      taken.forEach(t -> t.mark = Mark.OVER);
    }
  }

  private final class Automation {

    private final String id;
    private final EventTrigger trigger;
    private final Map<List<String>, Key> keys = new LinkedHashMap<>();
    private boolean on;

    Automation(String id, EventTrigger trigger, boolean on) {
      this.id = id;
      this.trigger = trigger;
      this.on = on;
    }

    boolean covers(Event event) {
      boolean related =
          trigger.matchRelated().stream()
              .allMatch(
                  asked ->
                      asked.patterns().isEmpty()
                          || event.related().stream().anyMatch(r -> fits(asked, r.labels())));
      return (expects(event) || isIn(trigger.after(), event.name()))
          && fits(trigger.match(), event.resource().labels())
          && related
          && (trigger.where() == null
              || trigger.where().test(event) instanceof Condition.Truth.Holds);
    }

    private boolean expects(Event event) {
      return trigger.expect().isEmpty() || isIn(trigger.expect(), event.name());
    }

    private boolean fits(ResourceSpecification asked, Labels labels) {
      return asked.patterns().entrySet().stream()
          .allMatch(
              label -> {
                String value = labels.asMap().get(label.getKey());
                return value != null && isIn(label.getValue(), value);
              });
    }

    private boolean isIn(List<Pattern> patterns, String value) {
      return patterns.stream().anyMatch(pattern -> SlowPattern.fits(pattern.text(), value));
    }

    void takeIn(Event event, List<String> lines) {
      Map<String, String> labels = new TreeMap<>(CodePoints.ORDER);
      trigger.forEach().forEach(each -> labels.put(each.text(), read(each.text(), event)));
      List<String> name = List.copyOf(labels.values());
      keys.values().removeIf(this::lapsed);
      Key key = keys.getOrDefault(name, new Key());
      int before = key.taken.size();
      boolean fires = trigger.after().isEmpty() ? slides(key, event) : follows(key, event);
      if (key.taken.size() > before) {
        key.lastTaken = clock;
        key.lastChange = changes++;
        keys.put(name, key);
        keys.values().removeIf(this::lapsed);
        if (keys.size() > trigger.maxKeys()) {
          List<String> eldest =
              keys.keySet().stream()
                  .min(Comparator.comparingLong(k -> keys.getOrDefault(k, key).lastChange))
                  .orElseThrow();
          keys.remove(eldest);
          lines.add(evicted(id, eldest));
        }
      }
      if (fires) {
        int depth = event.causation() == null ? 1 : event.causation().depth() + 1;
        lines.add(
            depth > settings.maxCausalDepth()
                ? stopped(id, event.id())
                : fired(id, event.id(), labels));
      }
    }

    private String read(String reference, Event event) {
      if (!reference.startsWith("related:")) {
        return event.resource().labels().asMap().getOrDefault(reference, "");
      }
      String[] parts = reference.split(":", 3);
      return event.related().stream()
          .filter(r -> r.role().equals(parts[1]))
          .findFirst()
          .map(r -> r.labels().asMap().getOrDefault(parts[2], ""))
          .orElse("");
    }

    /** No window to wait for: an empty key, a window that never ends, or all of it past. */
    private boolean lapsed(Key key) {
      List<Instant> counts = key.marked(Mark.COUNTS);
      List<Instant> opened = key.marked(Mark.OPENS);
      if (!opened.isEmpty() && trigger.within().isZero()) {
        return false;
      }
      Instant ends = Instant.MIN;
      if (!trigger.after().isEmpty()) {
        ends = opened.isEmpty() ? Instant.MIN : opened.getFirst().plus(trigger.within());
      } else if (!counts.isEmpty()) {
        ends = counts.getLast().plus(trigger.within());
      }
      if (key.quietUntil != null && key.quietUntil.isAfter(ends)) {
        ends = key.quietUntil;
      }
      if (ends.equals(Instant.MIN)) {
        return true;
      }
      Instant last = key.lastTaken.isAfter(ends) ? key.lastTaken : ends;
      return !clock.isBefore(last.plus(settings.lapse()));
    }

    private boolean slides(Key key, Event event) {
      Instant t = event.occurred();
      if (trigger.within().isZero()) {
        return true;
      }
      if (key.quietUntil != null && t.isBefore(key.quietUntil)) {
        return false;
      }
      Taken taken = new Taken(t, Mark.COUNTS);
      key.taken.add(taken);
      Instant bound = key.marked(Mark.COUNTS).getLast().minus(trigger.within());
      key.taken.stream()
          .filter(each -> !each.occurred.isAfter(bound))
          .forEach(each -> each.mark = Mark.OVER);
      if (taken.mark == Mark.OVER) {
        key.taken.remove(taken);
        return false;
      }
      List<Instant> counts = key.marked(Mark.COUNTS);
      if (counts.size() < trigger.threshold()) {
        return false;
      }
      key.quietUntil = counts.getFirst().plus(trigger.within());
      key.close();
      return true;
    }

    private boolean follows(Key key, Event event) {
      Instant t = event.occurred();
      Duration within = trigger.within();
      List<Instant> open = key.marked(Mark.OPENS);
      boolean isOpen =
          !open.isEmpty() && (within.isZero() || t.isBefore(open.getFirst().plus(within)));
      if (!isOpen) {
        if (isIn(trigger.after(), event.name())) {
          key.close();
          key.taken.add(new Taken(t, Mark.OPENS));
        }
        return false;
      }
      if (!expects(event) || t.isBefore(open.getFirst())) {
        return false;
      }
      key.taken.add(new Taken(t, Mark.COUNTS));
      if (key.marked(Mark.COUNTS).size() < trigger.threshold()) {
        return false;
      }
      key.close();
      return true;
    }
  }
}
