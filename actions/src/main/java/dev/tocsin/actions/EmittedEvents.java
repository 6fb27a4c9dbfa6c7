package dev.tocsin.actions;

import dev.tocsin.triggers.DerivedId;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.EventLimits;
import dev.tocsin.triggers.Labels;
import dev.tocsin.triggers.Payload;
import dev.tocsin.triggers.RelatedResource;
import dev.tocsin.triggers.Resource;
import dev.tocsin.wire.EventJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the events of {@code emit-event}. Pure. */
final class EmittedEvents {

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
    requireWithinLimits(event, EventLimits.DEFAULT);
    return event;
  }

  private static Labels labels(Map<String, Template> templates, Renderings renderings) {
    Map<String, String> labels = new LinkedHashMap<>();
    templates.forEach((name, value) -> labels.put(name, renderings.text(value)));
    return Labels.of(labels);
  }

  private static void requireWithinLimits(Event event, EventLimits limits) {
    int size = EventJson.write(event).length;
    if (size > limits.maxBytes()) {
      throw new IllegalArgumentException(
          "an event must have at most %,d bytes as JSON, not %,d"
              .formatted(limits.maxBytes(), size));
    }
  }
}
