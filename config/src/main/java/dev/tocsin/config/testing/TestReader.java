package dev.tocsin.config.testing;

import dev.tocsin.config.Automation;
import dev.tocsin.config.AutomationFiles;
import dev.tocsin.config.document.Fields;
import dev.tocsin.config.document.JsonValues;
import dev.tocsin.config.document.Quoted;
import dev.tocsin.config.document.Report;
import dev.tocsin.config.document.Value;
import dev.tocsin.config.testing.TestCase.BlindInterval;
import dev.tocsin.config.testing.TestCase.ExpectedEvent;
import dev.tocsin.config.testing.TestCase.ExpectedFiring;
import dev.tocsin.config.testing.TestCase.ExpectedRequest;
import dev.tocsin.config.testing.TestFiles.ReadTest;
import dev.tocsin.config.testing.TestFiles.TestedAutomations;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.State;
import dev.tocsin.wire.EventReader;
import dev.tocsin.wire.Problem;
import dev.tocsin.wire.Suggestion;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one test. Times are instants, or relative to its start: {@code +90s}. */
final class TestReader {

  /** The fields with expectations. */
  static final List<String> EXPECTATIONS = List.of("expect", "expect_includes", "expect_requests");

  private final AutomationFiles files;
  private final EventReader events;
  private final Path file;
  private final @Nullable TestedAutomations shared;

  /** For tests in a file, about these automations if a test names none of its own. */
  TestReader(
      AutomationFiles files, EventReader events, Path file, @Nullable TestedAutomations shared) {
    this.files = files;
    this.events = events;
    this.file = file;
    this.shared = shared;
  }

  /** The test with all its problems. */
  ReadTest read(Value value, String unnamed) {
    Report report = value.report();
    Fields fields = value.fields();
    String name = fields == null ? null : fields.text("name");
    TestCase test = fields == null ? null : test(fields, report);
    report.problems().sort(Problem.BY_LINE);
    return new ReadTest(
        report.file(),
        report.place(value.node().position()),
        name == null || name.isBlank() ? unnamed : name,
        test,
        report.problems().stream().filter(Problem::isError).toList());
  }

  private @Nullable TestCase test(Fields fields, Report report) {
    Value own = fields.take("automations");
    TestedAutomations tested = own == null ? shared : TestedAutomations.read(own, files, file);
    if (tested == null) {
      fields.self().error("missing field automations: a list, or the path of a file");
    }
    AutomationNames names = new AutomationNames(tested);
    Value writtenStart = fields.require("start");
    Instant start = writtenStart == null ? null : TestTimes.absolute(writtenStart);
    TestTimes times = new TestTimes(start);
    List<Event> events = new TestEventReader(this.events, times).read(fields.items("events"));
    List<BlindInterval> blind = blind(fields, times);
    Value writtenUntil = fields.take("until");
    Instant until = writtenUntil == null ? null : times.instant(writtenUntil);
    List<ExpectedFiring> expect = firings(fields, "expect", names, times);
    List<ExpectedFiring> includes = firings(fields, "expect_includes", names, times);
    List<ExpectedRequest> requests = requests(fields, names);
    if (EXPECTATIONS.stream().noneMatch(fields::has)) {
      fields.self().error("missing expectation: add expect, expect_includes or expect_requests");
    }
    fields.finish();
    if (report.errors() > 0 || tested == null || !tested.isSound() || start == null) {
      return null;
    }
    Instant last = events.stream().map(Event::received).reduce(start, TestReader::later);
    return new TestCase(
        tested.set(),
        start,
        events,
        blind,
        until == null ? last : until,
        expect,
        includes == null ? List.of() : includes,
        requests);
  }

  private static List<BlindInterval> blind(Fields fields, TestTimes times) {
    List<BlindInterval> intervals = new ArrayList<>();
    for (Value item : fields.items("blind")) {
      Fields line = item.fields();
      if (line != null) {
        Value writtenFrom = line.require("from");
        Value writtenUntil = line.require("until");
        Instant from = writtenFrom == null ? null : times.instant(writtenFrom);
        Instant until = writtenUntil == null ? null : times.instant(writtenUntil);
        line.finish();
        if (from != null && until != null) {
          if (!from.isBefore(until)) {
            line.error("until", "must be after from, " + from + ", not " + until);
          }
          intervals.add(new BlindInterval(from, until));
        }
      }
    }
    intervals.sort(Comparator.comparing(BlindInterval::from));
    return intervals;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isBefore(other) ? other : one;
  }

  private static @Nullable List<ExpectedFiring> firings(
      Fields fields, String name, AutomationNames names, TestTimes times) {
    Value list = fields.take(name);
    if (list == null) {
      return null;
    }
    List<ExpectedFiring> firings = new ArrayList<>();
    for (Value item : list.items()) {
      Fields line = item.fields();
      if (line != null) {
        firings.add(firing(line, names, times));
      }
    }
    return firings;
  }

  private static ExpectedFiring firing(Fields line, AutomationNames names, TestTimes times) {
    Value automation = line.require("automation");
    String id = automation == null ? "" : names.id(automation);
    if (line.has("at") && line.has("triggered")) {
      line.error("at", "conflicts with triggered; use only one of them");
    }
    Value at = line.take("at");
    Value triggered = line.take("triggered");
    Value time = triggered == null ? at : triggered;
    State state = state(line);
    Value labels = line.take("labels");
    boolean saysEvent = line.has("event");
    String event = line.text("event");
    line.finish();
    return new ExpectedFiring(
        id,
        time == null ? null : times.instant(time),
        state,
        labels == null ? null : texts(labels),
        saysEvent ? new ExpectedEvent(event) : null);
  }

  private static State state(Fields line) {
    String label = line.text("state");
    if (label != null) {
      for (State state : State.values()) {
        if (state.label().equalsIgnoreCase(label)) {
          return state;
        }
      }
      line.error(
          "state",
          "must be Triggered or Resolved, not "
              + Quoted.of(label)
              + Suggestion.of(label, List.of("Triggered", "Resolved")));
    }
    return State.TRIGGERED;
  }

  private static @Nullable List<ExpectedRequest> requests(Fields fields, AutomationNames names) {
    Value list = fields.take("expect_requests");
    if (list == null) {
      return null;
    }
    List<ExpectedRequest> requests = new ArrayList<>();
    for (Value item : list.items()) {
      Fields line = item.fields();
      if (line != null) {
        requests.add(request(line, names));
      }
    }
    return requests;
  }

  private static ExpectedRequest request(Fields line, AutomationNames names) {
    Value automation = line.take("automation");
    Value headers = line.take("headers");
    Value body = line.take("body");
    ExpectedRequest request =
        new ExpectedRequest(
            automation == null ? null : names.id(automation),
            line.text("webhook"),
            line.text("method"),
            line.text("url"),
            headers == null ? Map.of() : texts(headers),
            body == null ? null : JsonValues.of(body));
    line.finish();
    return request;
  }

  /** An object of texts. */
  static Map<String, String> texts(Value value) {
    Map<String, String> texts = new LinkedHashMap<>();
    Fields fields = value.fields();
    if (fields != null) {
      fields
          .all()
          .forEach(
              (name, field) -> {
                String text = field.text();
                if (text != null) {
                  texts.put(name, text);
                }
              });
    }
    return texts;
  }

  /** The automations of a test, as its lines name them: by name, or by id. */
  private record AutomationNames(@Nullable TestedAutomations tested) {

    /** The id, or the text and a report; no report if the automations are invalid. */
    String id(Value naming) {
      String text = naming.text();
      if (text == null || tested == null) {
        return "";
      }
      List<Automation> all = tested.set().automations();
      List<Automation> named = all.stream().filter(each -> each.name().equals(text)).toList();
      if (named.size() == 1) {
        return named.getFirst().id();
      }
      if (tested.isSound() && tested.set().find(text) == null) {
        naming.error(
            named.isEmpty()
                ? "unknown automation "
                    + Quoted.of(text)
                    + Suggestion.of(text, all.stream().map(Automation::name).toList())
                : "ambiguous name of " + named.size() + " automations; use an id instead");
      }
      return text;
    }
  }
}
