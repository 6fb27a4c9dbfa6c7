package dev.tocsin.config.testing;

import dev.tocsin.config.document.FieldPath;
import dev.tocsin.config.document.Fields;
import dev.tocsin.config.document.JsonValues;
import dev.tocsin.config.document.Node;
import dev.tocsin.config.document.Value;
import dev.tocsin.triggers.Event;
import dev.tocsin.wire.EventReader;
import dev.tocsin.wire.Place;
import dev.tocsin.wire.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the events of a test as sent events are read, with the same limits and messages. Only times
 * differ: they may be relative, {@code at} is short for {@code occurred}, {@code received} is read,
 * and {@code max_future} does not apply.
 */
final class TestEventReader {

  /** The fields that are read as in a sent event. */
  private static final List<String> SENT =
      List.of("event", "resource", "related", "payload", "follows");

  private final EventReader reader;
  private final TestTimes times;

  TestEventReader(EventReader reader, TestTimes times) {
    this.reader = reader;
    this.times = times;
  }

  /** The valid events; one without an id is {@code event-1}, {@code event-2}, by its place. */
  List<Event> read(List<Value> items) {
    List<Event> events = new ArrayList<>();
    for (int index = 0; index < items.size(); index++) {
      Fields fields = items.get(index).fields();
      Event event = fields == null ? null : read(fields, "event-" + (index + 1));
      if (event != null) {
        events.add(event);
      }
    }
    return events;
  }

  private @Nullable Event read(Fields fields, String unnamed) {
    int errors = fields.self().report().errors();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    Value id = fields.take("id");
    json.set("id", id == null ? JsonNodeFactory.instance.stringNode(unnamed) : JsonValues.of(id));
    Instant occurred = occurred(fields);
    Value writtenReceived = fields.take("received");
    Instant received = writtenReceived == null ? occurred : times.instant(writtenReceived);
    json.put("occurred", String.valueOf(occurred == null ? Instant.EPOCH : occurred));
    json.put("received", String.valueOf(received == null ? Instant.EPOCH : received));
    for (String name : SENT) {
      Value value = fields.take(name);
      if (value != null) {
        json.set(name, JsonValues.of(value));
      }
    }
    fields.finish();
    byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
    return switch (reader.read(bytes, 0, bytes.length, Instant.EPOCH)) {
      case EventReader.Result.ValidEvent(Event event, _) ->
          fields.self().report().errors() == errors ? event : null;
      case EventReader.Result.InvalidEvent(List<Problem> problems) -> {
        problems.forEach(problem -> report(problem, fields));
        yield null;
      }
    };
  }

  private @Nullable Instant occurred(Fields fields) {
    if (fields.has("at") && fields.has("occurred")) {
      fields.error("at", "conflicts with occurred; use only one of them");
    }
    Value at = fields.take("at");
    Value occurred = fields.take("occurred");
    Value written = occurred == null ? at : occurred;
    if (written == null) {
      fields.self().error("missing field occurred, or at");
      return null;
    }
    return times.instant(written);
  }

  /** Reports a problem of the event as JSON at its place in the document. */
  private static void report(Problem problem, Fields fields) {
    Value at = fields.self();
    if (problem.place() instanceof Place.InJson(List<Object> steps)) {
      for (Object step : steps) {
        at = part(at, step);
      }
    }
    if (problem.type().equals(Problem.NOT_TEXT)) {
      at.text();
    } else {
      at.error(problem.sentence());
    }
  }

  /** A part of a value; if it is absent, the value itself with the path of that part. */
  private static Value part(Value whole, Object step) {
    Node node = whole.node();
    if (step instanceof Integer index) {
      Node item = node instanceof Node.Sequence list ? list.items().get(index) : node;
      return new Value(item, FieldPath.of(whole.path(), index), whole.report());
    }
    String name = step.toString();
    Node.Member member = node instanceof Node.Mapping object ? object.find(name) : null;
    return new Value(
        member == null ? node : member.value(), FieldPath.of(whole.path(), name), whole.report());
  }
}
