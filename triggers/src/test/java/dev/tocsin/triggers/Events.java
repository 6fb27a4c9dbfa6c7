package dev.tocsin.triggers;

import dev.tocsin.triggers.runtime.Traces;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events for tests: what is not said is ordinary. */
public final class Events {

  private final String name;
  private final List<RelatedResource> related = new ArrayList<>();
  private String id = "e";
  private Instant occurred = Traces.START;
  private Resource resource = Resource.of(Resource.ID, "r");
  private @Nullable String follows;
  private @Nullable Causation causation;

  private Events(String name) {
    this.name = name;
  }

  public static Events named(String name) {
    return new Events(name);
  }

  public Events id(String value) {
    id = value;
    return this;
  }

  public Events at(Instant value) {
    occurred = value;
    return this;
  }

  /** How long after {@link Traces#START}. */
  public Events at(Duration sinceStart) {
    return at(Traces.START.plus(sinceStart));
  }

  public Events resource(String... labels) {
    resource = Resource.of(labels);
    return this;
  }

  public Events related(RelatedResource value) {
    related.add(value);
    return this;
  }

  public Events follows(@Nullable String value) {
    follows = value;
    return this;
  }

  public Events causedBy(int depth, String origin) {
    causation = new Causation(depth, origin);
    return this;
  }

  public Event build() {
    return new Event(
        id, occurred, name, resource, related, Payload.EMPTY, follows, occurred, causation);
  }
}
