package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.CompoundTrigger;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.LabelReference;
import dev.tocsin.triggers.Labels;
import dev.tocsin.triggers.OnBlind;
import dev.tocsin.triggers.Pattern;
import dev.tocsin.triggers.Payload;
import dev.tocsin.triggers.Posture;
import dev.tocsin.triggers.RelatedResource;
import dev.tocsin.triggers.Resource;
import dev.tocsin.triggers.ResourceSpecification;
import dev.tocsin.triggers.SequenceTrigger;
import dev.tocsin.triggers.Trigger;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One conformance vector: what is declared, what happens, and what must fire. */
record Scenario(
    String name,
    Instant start,
    Instant until,
    JsonNode automations,
    List<Event> events,
    List<String> expect) {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** All scenarios of a file of vectors. */
  static List<Scenario> all(String file) {
    try (InputStream in = Scenario.class.getResourceAsStream("/conformance/" + file);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8))) {
      return lines.lines().map(line -> read(MAPPER.readTree(line))).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it holds Reactive event triggers alone. */
  boolean isReactive() {
    for (JsonNode automation : automations) {
      JsonNode trigger = automation.path("trigger");
      if (!trigger.path("type").asString("event").equals("event")
          || !trigger.path("posture").asString("Reactive").equals("Reactive")) {
        return false;
      }
    }
    return true;
  }

  /** The automations, as a runtime is given them. */
  List<Declaration> declarations() {
    List<Declaration> declarations = new ArrayList<>();
    for (JsonNode automation : automations) {
      declarations.add(
          new Declaration(
              automation.path("name").asString(),
              trigger(automation.path("trigger")),
              automation.path("enabled").asBoolean(true)));
    }
    return declarations;
  }

  /** A firing as a line of {@code expect}. */
  static String line(Firing firing) {
    return line(
        firing.automation(),
        firing.triggered(),
        firing.state().label(),
        firing.labels(),
        firing.event());
  }

  private static String line(
      String automation,
      Instant triggered,
      String state,
      Map<String, String> labels,
      @Nullable String event) {
    return automation + " " + triggered + " " + state + " " + labels + " " + event;
  }

  private static Scenario read(JsonNode json) {
    List<Event> events = new ArrayList<>();
    json.path("events").forEach(event -> events.add(event(event)));
    List<String> expect = new ArrayList<>();
    for (JsonNode line : json.path("expect")) {
      expect.add(
          line(
              line.path("automation").asString(),
              Instant.parse(line.path("triggered").asString()),
              line.path("state").asString(),
              texts(line.path("labels")),
              line.path("event").isNull() ? null : line.path("event").asString()));
    }
    return new Scenario(
        json.path("name").asString(),
        Instant.parse(json.path("start").asString()),
        Instant.parse(json.path("until").asString()),
        json.path("automations"),
        events,
        expect);
  }

  private static Event event(JsonNode json) {
    Instant occurred = Instant.parse(json.path("occurred").asString());
    List<RelatedResource> related = new ArrayList<>();
    json.path("related")
        .forEach(resource -> related.add(new RelatedResource(Labels.of(texts(resource)))));
    return new Event(
        json.path("id").asString(),
        occurred,
        json.path("event").asString(),
        new Resource(Labels.of(texts(json.path("resource")))),
        related,
        Payload.EMPTY,
        null,
        json.has("received") ? Instant.parse(json.path("received").asString()) : occurred,
        null);
  }

  private static Trigger trigger(JsonNode json) {
    return switch (json.path("type").asString("event")) {
      case "compound" ->
          new CompoundTrigger(
              children(json),
              require(json.path("require"), json.path("triggers").size()),
              limit(json.path("within")),
              references(json.path("for_each")),
              EventTrigger.DEFAULT_MAX_KEYS);
      case "sequence" ->
          new SequenceTrigger(
              children(json),
              limit(json.path("within")),
              references(json.path("for_each")),
              EventTrigger.DEFAULT_MAX_KEYS);
      default -> eventTrigger(json);
    };
  }

  private static EventTrigger eventTrigger(JsonNode json) {
    List<LabelReference> forEach = references(json.path("for_each"));
    Duration within = seconds(json.path("within"), Duration.ZERO);
    Posture posture = new Posture.Reactive();
    if (json.path("posture").asString("Reactive").equals("Proactive")) {
      within = within.isZero() ? EventTrigger.DEFAULT_PROACTIVE_WITHIN : within;
      posture = proactive(json, forEach, within);
    }
    return EventTrigger.of(posture)
        .match(specification(json.path("match")))
        .matchRelated(specifications(json.path("match_related")))
        .after(list(json.path("after")).stream().map(Pattern::of).toList())
        .expect(list(json.path("expect")).stream().map(Pattern::of).toList())
        .forEach(forEach)
        .threshold(json.path("threshold").asInt(1))
        .within(within)
        .matchAll(json.path("match_all").asBoolean(false))
        .build();
  }

  private static Posture proactive(JsonNode json, List<LabelReference> forEach, Duration within) {
    JsonNode repeat = json.path("repeat");
    Duration every =
        repeat.isString()
            ? null
            : repeat.isNumber()
                ? seconds(repeat, Duration.ZERO)
                : forEach.isEmpty() ? within : null;
    List<String> references =
        EventTrigger.distinctReferences(forEach).stream().map(LabelReference::text).toList();
    List<BucketingKey> roster = new ArrayList<>();
    for (JsonNode key : json.path("roster")) {
      roster.add(
          new BucketingKey(
              references.stream().map(reference -> key.path(reference).asString()).toList()));
    }
    return new Posture.Proactive(
        seconds(json.path("lateness"), Duration.ZERO),
        OnBlind.EXTEND,
        every,
        roster,
        seconds(json.path("forget_after"), Posture.Proactive.DEFAULT_FORGET_AFTER));
  }

  private static List<Trigger> children(JsonNode json) {
    List<Trigger> children = new ArrayList<>();
    json.path("triggers").forEach(child -> children.add(trigger(child)));
    return children;
  }

  private static int require(JsonNode json, int children) {
    return json.isNumber() ? json.asInt() : json.asString("all").equals("any") ? 1 : children;
  }

  private static @Nullable Duration limit(JsonNode json) {
    return json.isNull() ? null : seconds(json, Duration.ZERO);
  }

  private static Duration seconds(JsonNode json, Duration otherwise) {
    return json.isNumber()
        ? Duration.ofNanos(Math.round(json.asDouble() * 1e6) * 1_000)
        : otherwise;
  }

  private static List<LabelReference> references(JsonNode json) {
    return list(json).stream().map(LabelReference::parse).toList();
  }

  private static List<ResourceSpecification> specifications(JsonNode json) {
    List<ResourceSpecification> specifications = new ArrayList<>();
    if (json.isArray()) {
      json.forEach(each -> specifications.add(specification(each)));
    } else if (!json.isMissingNode()) {
      specifications.add(specification(json));
    }
    return specifications;
  }

  private static ResourceSpecification specification(JsonNode json) {
    Map<String, List<Pattern>> patterns = new LinkedHashMap<>();
    json.properties()
        .forEach(
            label ->
                patterns.put(
                    label.getKey(), list(label.getValue()).stream().map(Pattern::of).toList()));
    return new ResourceSpecification(patterns);
  }

  private static List<String> list(JsonNode json) {
    if (json.isString()) {
      return List.of(json.asString());
    }
    List<String> texts = new ArrayList<>();
    json.forEach(text -> texts.add(text.asString()));
    return texts;
  }

  private static Map<String, String> texts(JsonNode json) {
    Map<String, String> texts = new LinkedHashMap<>();
    json.properties().forEach(text -> texts.put(text.getKey(), text.getValue().asString()));
    return texts;
  }
}
