package dev.tocsin.triggers.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.EventTriggerBuilder;
import dev.tocsin.triggers.Events;
import dev.tocsin.triggers.RelatedResource;
import dev.tocsin.triggers.Resource;
import dev.tocsin.triggers.ResourceSpecification;
import dev.tocsin.triggers.Trials;
import dev.tocsin.triggers.runtime.Traces;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The index against a look at every trigger. */
class TriggerIndexTest {

  private static final int MANY = 10_000;

  @Test
  void findsAllThatCover() {
    Trials.run(
        1_000,
        random -> {
          List<EventTrigger> triggers = new ArrayList<>();
          for (int i = random.nextInt(20); i > 0; i--) {
            triggers.add(Traces.trigger(random));
          }
          TriggerIndex index = TriggerIndex.of(triggers);
          for (int i = 0; i < 20; i++) {
            Event event = Traces.event(random, "e", Traces.START);
            int[] candidates = index.candidates(event);
            assertThat(candidates).isSorted().doesNotHaveDuplicates();
            assertThat(covering(triggers, event))
                .isSubsetOf(IntStream.of(candidates).boxed().toList());
          }
        });
  }

  private static List<Integer> covering(List<EventTrigger> triggers, Event event) {
    return IntStream.range(0, triggers.size())
        .filter(i -> matches(triggers.get(i), event))
        .boxed()
        .toList();
  }

  private static boolean matches(EventTrigger trigger, Event event) {
    return (trigger.expects(event.name()) || trigger.opensOn(event.name()))
        && trigger.match().matches(event.resource().labels())
        && trigger.matchRelated().stream()
            .allMatch(
                asked ->
                    asked.isEmpty()
                        || event.related().stream().anyMatch(r -> asked.matches(r.labels())));
  }

  @Test
  void ofTenThousandResourcesAnEventVisitsItsOwn() {
    TriggerIndex index = index(i -> EventTrigger.reactive().expect("job.*").match(id("host-" + i)));
    for (int i = 0; i < MANY; i += 997) {
      assertThat(index.candidates(event("job.done", "host-" + i))).containsExactly(i);
    }
    assertThat(index.candidates(event("job.done", "another"))).isEmpty();
    assertThat(index.size()).isEqualTo(MANY);
  }

  @Test
  void ofTenThousandPrefixesAnEventVisitsThoseItBeginsWith() {
    TriggerIndex index =
        index(i -> EventTrigger.reactive().expect("job.*").match(id("host-" + i + "*")));
    assertThat(index.candidates(event("job.done", "host-123"))).containsExactly(1, 12, 123);
    assertThat(index.candidates(event("job.done", "host-99999")))
        .containsExactly(9, 99, 999, 9_999);
  }

  @Test
  void ofTenThousandNamesAnEventVisitsItsOwn() {
    TriggerIndex index = index(i -> EventTrigger.reactive().expect("job." + i).match(id("host-*")));
    assertThat(index.candidates(event("job.17", "host-1"))).containsExactly(17);
  }

  @Test
  void ofTenThousandRelatedResourcesAnEventVisitsItsOwn() {
    TriggerIndex index =
        index(
            i ->
                EventTrigger.reactive()
                    .matchRelated(
                        List.of(
                            ResourceSpecification.of(
                                Resource.ID, "flow-" + i, RelatedResource.ROLE, "flow"))));
    Event event =
        Events.named("job.done")
            .related(RelatedResource.of(Resource.ID, "flow-3", RelatedResource.ROLE, "flow"))
            .related(RelatedResource.of(Resource.ID, "flow-4", RelatedResource.ROLE, "flow"))
            .build();
    assertThat(index.candidates(event)).containsExactly(3, 4);
  }

  @Test
  void ofTenThousandLabelsAnEventVisitsThoseItHas() {
    TriggerIndex index =
        index(i -> EventTrigger.reactive().match(ResourceSpecification.of("label-" + i, "*")));
    Event event =
        Events.named("x").resource(Resource.ID, "r", "label-7", "v", "label-8", "").build();
    assertThat(index.candidates(event)).containsExactly(7, 8);
  }

  /** An answer is the caller's own. */
  @Test
  void whatACallerDoesToAnAnswerChangesNothing() {
    TriggerIndex index = TriggerIndex.of(List.of(EventTrigger.reactive().matchAll(true).build()));
    index.candidates(event("x", "r"))[0] = 7;
    assertThat(index.candidates(event("x", "r"))).containsExactly(0);
  }

  private static TriggerIndex index(IntFunction<EventTriggerBuilder> trigger) {
    return TriggerIndex.of(
        IntStream.range(0, MANY).mapToObj(i -> trigger.apply(i).build()).toList());
  }

  private static ResourceSpecification id(String pattern) {
    return ResourceSpecification.of(Resource.ID, pattern);
  }

  private static Event event(String name, String resource) {
    return Events.named(name).resource(Resource.ID, resource).build();
  }
}
