package dev.tocsin.actions;

import dev.tocsin.triggers.Causation;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Labels;
import dev.tocsin.triggers.RelatedResource;
import dev.tocsin.triggers.Resource;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What all events of the engine's own have in common, under one namespace. */
final class OwnEvents {

  private static final int MAX_NAMESPACE_LENGTH = 100;

  private final String namespace;

  /** With a prefix of 1 to 100 letters, digits, dots, dashes and underscores. Refuses any other. */
  OwnEvents(String namespace) {
    if (namespace.length() > MAX_NAMESPACE_LENGTH || !namespace.matches("[A-Za-z0-9._-]+")) {
      throw new IllegalArgumentException(
          "namespace must have 1 to 100 letters, digits, '.', '-' and '_', not '"
              + namespace
              + "'");
    }
    this.namespace = namespace;
  }

  /** The name of a label of the namespace. */
  String label(String name) {
    return namespace + "." + name;
  }

  /** Whether an event has this name in the namespace. */
  boolean isNamed(String name, Event event) {
    String given = event.name();
    return given.length() == namespace.length() + 1 + name.length()
        && given.startsWith(namespace)
        && given.charAt(namespace.length()) == '.'
        && given.endsWith(name);
  }

  /** An event of the namespace; {@code received} is {@code occurred} until the intake sets it. */
  Event event(
      String id,
      Instant occurred,
      String name,
      Map<String, String> resource,
      List<RelatedResource> related,
      Consumer<OwnPayload> payload,
      @Nullable String follows,
      @Nullable Causation causation) {
    Instant instant = withinTime(occurred);
    return new Event(
        id,
        instant,
        namespace + "." + name,
        new Resource(sound(resource)),
        related,
        OwnPayload.of(payload),
        follows,
        instant,
        causation);
  }

  /** A deadline may be later than the last instant that an event can have. */
  private static Instant withinTime(Instant instant) {
    Instant last = Event.END_OF_TIME.minusNanos(1_000);
    return instant.isAfter(last)
        ? last
        : instant.isBefore(Event.MIN_OCCURRED) ? Event.MIN_OCCURRED : instant;
  }

  /** The resource that an automation is. */
  Map<String, String> resource(AutomationReference automation) {
    Map<String, String> resource = new LinkedHashMap<>();
    resource.put(Resource.ID, resourceId(automation.id()));
    resource.put(Resource.NAME, automation.name());
    putPosture(resource, automation);
    return resource;
  }

  /** The id of the resource that an automation is. */
  String resourceId(String automation) {
    return namespace + ".automation." + automation;
  }

  void putPosture(Map<String, String> labels, AutomationReference automation) {
    String posture = automation.posture();
    if (posture != null) {
      labels.put(label("posture"), posture);
    }
  }

  static RelatedResource eventResource(String id, String role) {
    return RelatedResource.of(Resource.ID, "prefect.event." + id, RelatedResource.ROLE, role);
  }

  /** Names of automations come from files, which may contain characters that no label can. */
  static Labels sound(Map<String, String> labels) {
    Map<String, String> sound = new LinkedHashMap<>();
    labels.forEach((name, value) -> sound.put(name, OwnPayload.sound(value)));
    return Labels.of(sound);
  }
}
