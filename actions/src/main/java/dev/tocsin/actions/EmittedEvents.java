package dev.tocsin.actions;

import dev.tocsin.triggers.DerivedId;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.EventLimits;
import dev.tocsin.triggers.Labels;
import dev.tocsin.triggers.Payload;
import dev.tocsin.triggers.RelatedResource;
import dev.tocsin.triggers.Resource;
import dev.tocsin.wire.EventJson;
import dev.tocsin.wire.EventReader;
import dev.tocsin.wire.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Makes the events of {@code emit-event}. Pure. */
final class EmittedEvents {

  private static final EventReader READER = EventReader.withReceipt(EventLimits.DEFAULT);

  private EmittedEvents() {}

  /**
   * The event, with an id derived from the invocation's, one causal step after the firing's cause.
   *
   * @throws TemplateException if a template cannot be rendered
   * @throws IllegalArgumentException if the result is not a valid event; the message is the rule
   *     that it breaks
   */
  static Event make(
      Invocation invocation, Action.EmitEvent action, Renderings renderings, Instant now) {
    Resource resource = new Resource(labels(action.resource(), renderings));
    List<RelatedResource> related = new ArrayList<>();
    for (Map<String, Template> templates : action.related()) {
      related.add(new RelatedResource(labels(templates, renderings)));
    }
    JsonTemplate template = action.payload();
    Payload payload =
        template == null ? Payload.EMPTY : Payload.ofJson(renderings.json(template).toString());
    Event event =
        new Event(
            DerivedId.of("emitted", invocation.id()),
            now,
            renderings.text(action.event()),
            resource,
            related,
            payload,
            null,
            now,
            invocation.firing().causation());
    requireAcceptable(event);
    return event;
  }

  private static Labels labels(Map<String, Template> templates, Renderings renderings) {
    Map<String, String> labels = new LinkedHashMap<>();
    templates.forEach((name, value) -> labels.put(name, renderings.text(value)));
    return Labels.of(labels);
  }

  /** The rules of sent events apply, except that of ids: the event can be stored and read back. */
  private static void requireAcceptable(Event event) {
    byte[] json = EventJson.write(event);
    if (READER.read(json, 0, json.length, event.received())
        instanceof EventReader.Result.InvalidEvent(List<Problem> problems)) {
      throw new IllegalArgumentException(
          problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
    }
  }
}
