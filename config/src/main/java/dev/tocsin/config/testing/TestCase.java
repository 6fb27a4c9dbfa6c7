package dev.tocsin.config.testing;

import dev.tocsin.config.AutomationSet;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.State;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A test of automations: what happens, and what must follow.
 *
 * @param automations in force when it starts
 * @param start when the engine starts
 * @param events in the order in which they are received
 * @param blind when the engine does not see, in the order in which it begins
 * @param until what the clock advances to after the last event
 * @param expect all firings in their order, or null if it has no such field
 * @param includes firings that must be among all, in this order
 * @param requests all webhook requests in their order, or null if it has no such field
 */
public record TestCase(
    AutomationSet automations,
    Instant start,
    List<Event> events,
    List<BlindInterval> blind,
    Instant until,
    @Nullable List<ExpectedFiring> expect,
    List<ExpectedFiring> includes,
    @Nullable List<ExpectedRequest> requests) {

  /** Copies. */
  public TestCase {
    events = List.copyOf(events);
    blind = List.copyOf(blind);
    expect = expect == null ? null : List.copyOf(expect);
    includes = List.copyOf(includes);
    requests = requests == null ? null : List.copyOf(requests);
  }

  /**
   * A stretch in which the engine does not see.
   *
   * @param until its end, exclusive; after its begin
   */
  public record BlindInterval(Instant from, Instant until) {}

  /**
   * An expected firing. A null part is not checked.
   *
   * @param automation id
   * @param event of the triggering event
   */
  public record ExpectedFiring(
      String automation,
      @Nullable Instant triggered,
      State state,
      @Nullable Map<String, String> labels,
      @Nullable ExpectedEvent event) {

    /** Copies, in order. */
    public ExpectedFiring {
      labels = labels == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }
  }

  /**
   * The triggering event of a firing.
   *
   * @param id null for none
   */
  public record ExpectedEvent(@Nullable String id) {}

  /**
   * A webhook request that must go out. What is null is not asked for.
   *
   * @param automation id
   * @param webhook name of the webhook of the settings
   * @param headers some of the headers, by name in any case
   * @param body an object or a list is compared as JSON, a text as it is
   */
  public record ExpectedRequest(
      @Nullable String automation,
      @Nullable String webhook,
      @Nullable String method,
      @Nullable String url,
      Map<String, String> headers,
      @Nullable JsonNode body) {

    /** Copies, in order. */
    public ExpectedRequest {
      headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }
  }
}
