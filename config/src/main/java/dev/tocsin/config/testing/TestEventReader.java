package dev.tocsin.config.testing;

import dev.tocsin.config.document.Fields;
import dev.tocsin.config.document.JsonValues;
import dev.tocsin.config.document.Node;
import dev.tocsin.config.document.Value;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Labels;
import dev.tocsin.triggers.Payload;
import dev.tocsin.triggers.RelatedResource;
import dev.tocsin.triggers.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the events of a test. */
final class TestEventReader {

  private final TestTimes times;

  TestEventReader(TestTimes times) {
    this.times = times;
  }

  /** The events that could be read; one without an id is {@code event-1}, {@code event-2}, ... */
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
    String id = fields.text("id");
    Value name = fields.require("event");
    String eventName = name == null ? null : name.text();
    Instant occurred = occurred(fields);
    Value writtenReceived = fields.take("received");
    Instant received = writtenReceived == null ? occurred : times.instant(writtenReceived);
    Value writtenResource = fields.require("resource");
    Resource resource =
        writtenResource == null
            ? null
            : checked(
                writtenResource, () -> new Resource(Labels.of(TestReader.texts(writtenResource))));
    List<RelatedResource> related = related(fields);
    Payload payload = payload(fields.take("payload"));
    String follows = fields.text("follows");
    fields.finish();
    if (fields.self().report().errors() != errors
        || eventName == null
        || occurred == null
        || received == null
        || resource == null) {
      return null;
    }
    return checked(
        fields.self(),
        () ->
            new Event(
                id == null ? unnamed : id,
                occurred,
                eventName,
                resource,
                related,
                payload,
                follows,
                received,
                null));
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

  private static List<RelatedResource> related(Fields fields) {
    List<RelatedResource> related = new ArrayList<>();
    for (Value item : fields.items("related")) {
      RelatedResource resource =
          checked(item, () -> new RelatedResource(Labels.of(TestReader.texts(item))));
      if (resource != null) {
        related.add(resource);
      }
    }
    return related;
  }

  private static Payload payload(@Nullable Value value) {
    if (value == null) {
      return Payload.EMPTY;
    }
    if (!(value.node() instanceof Node.Mapping)) {
      value.mustBe("an object");
    }
    return Payload.ofJson(JsonValues.of(value).toString());
  }

  /**
   * What is made of a value that has no errors so far, or null and a report of why it cannot be.
   */
  private static <T> @Nullable T checked(Value value, Supplier<T> making) {
    int errors = value.report().errors();
    try {
      T made = making.get();
      return value.report().errors() == errors ? made : null;
    } catch (IllegalArgumentException e) {
      if (value.report().errors() == errors) {
        value.error(String.valueOf(e.getMessage()));
      }
      return null;
    }
  }
}
