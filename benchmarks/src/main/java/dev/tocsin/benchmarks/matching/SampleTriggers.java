package dev.tocsin.benchmarks.matching;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.EventTriggerBuilder;
import dev.tocsin.triggers.ResourceSpecification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Any number of triggers for the events of the sample. The first ten are for kinds of resources. Of
 * the rest each is for one resource, named or related; the first of these for the sample's own, the
 * others for resources of the same kinds that the sample does not have. So an event is for a
 * handful of triggers, however many there are.
 */
final class SampleTriggers {

  private static final String ID = "prefect.resource.id";

  /** Pattern of the primary resource's id, then of the name. */
  private static final String[][] KINDS = {
    {"prefect.flow-run.*", "prefect.flow-run.Failed"},
    {"prefect.flow-run.*", "prefect.flow-run.Crashed"},
    {"prefect.task-run.*", "prefect.task-run.*"},
    {"prefect.work-pool.*", "prefect.work-pool.not-ready"},
    {"iot.sensor.*", "iot.sensor.heartbeat"},
    {"shop.order.*", "shop.order.paid"},
    {"shop.order.*", "shop.order.cancelled"},
    {"auth.user.*", "auth.user.login.failed"},
    {"host.*", "host.disk.usage-high"},
    {"ci.build.*", "ci.build.failed"},
  };

  private SampleTriggers() {}

  static List<EventTrigger> make(int count, List<Event> events) {
    List<EventTrigger> triggers = new ArrayList<>(count);
    for (int i = 0; i < Math.min(count, KINDS.length); i++) {
      triggers.add(
          counting()
              .match(ResourceSpecification.of(ID, KINDS[i][0]))
              .expect(KINDS[i][1])
              .forEach(ID)
              .build());
    }
    for (int i = KINDS.length; i < count; i++) {
      int number = i - KINDS.length;
      int copy = number / events.size();
      triggers.add(forOne(events.get(number % events.size()), number, copy));
    }
    return triggers;
  }

  private static EventTrigger forOne(Event model, int number, int copy) {
    String suffix = copy == 0 ? "" : "-" + copy;
    String id = model.resource().id();
    EventTriggerBuilder trigger = counting().expect(model.name());
    if (number % 2 == 0 || model.related().isEmpty()) {
      return trigger.match(ResourceSpecification.of(ID, id + suffix)).build();
    }
    String related = model.related().getFirst().id();
    return trigger
        .match(ResourceSpecification.of(ID, id.substring(0, id.lastIndexOf('.') + 1) + "*"))
        .matchRelated(List.of(ResourceSpecification.of(ID, related + suffix)))
        .build();
  }

  private static EventTriggerBuilder counting() {
    return EventTrigger.reactive().threshold(3).within(Duration.ofSeconds(60));
  }
}
