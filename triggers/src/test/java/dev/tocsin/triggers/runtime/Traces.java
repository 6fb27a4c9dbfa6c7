package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.Causation;
import dev.tocsin.triggers.CompoundTrigger;
import dev.tocsin.triggers.Conditions;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.EventTrigger;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random triggers, events and entries out of few values, so that they often meet. */
public final class Traces {

  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static final String[] NAMES = {"a", "b", "a.x", "b.y"};
  private static final String[] NAME_PATTERNS = {
    "a", "b", "a.x", "a*", "*.?", "!a", "[ab]", "*", "b.[!x]"
  };
  private static final String[] VALUES = {"x", "y", "xy", "😀"};
  private static final String[] VALUE_PATTERNS = {"x", "y", "x*", "?", "!x", "*", "[x😀]", "xy"};
  private static final String[] LABELS = {"k", "zone"};
  private static final String[] ROLES = {"flow", "pool"};
  private static final String[] REFERENCES = {
    "k", "zone", "prefect.resource.id", "related:flow:k", "related:pool:zone"
  };

  private Traces() {}

  /** One thing that happens to a runtime. */
  sealed interface Entry {

    Instant now();

    record Arrives(Event event, Instant now) implements Entry {}

    record Switched(String automation, boolean on, Instant now) implements Entry {}

    record Ticked(Instant now) implements Entry {}

    record Blind(Instant now, Instant until) implements Entry {}
  }

  /** What is declared, and what then happens. */
  record Trace(List<Declaration> declarations, RuntimeSettings settings, List<Entry> entries) {}

  static Trace trace(Random random) {
    List<Declaration> declarations = new ArrayList<>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      declarations.add(new Declaration("automation-" + i, trigger(random), random.nextInt(8) > 0));
    }
    Duration lapse = Duration.ofSeconds(pick(random, 0, 10, 900, 900));
    RuntimeSettings settings = new RuntimeSettings(lapse, 1 + random.nextInt(4));
    List<Entry> entries = new ArrayList<>();
    Instant now = START;
    for (int i = 0; i < 50; i++) {
      now = now.plus(step(random));
      entries.add(
          random.nextInt(15) == 0
              ? new Entry.Switched("automation-" + random.nextInt(5), random.nextBoolean(), now)
              : new Entry.Arrives(event(random, "e" + i, now), now));
    }
    return new Trace(declarations, settings, entries);
  }

  /** Absences and composites, of few names and keys, in steps of a second. */
  static Trace traceOfTime(Random random) {
    List<Declaration> declarations = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      declarations.add(new Declaration("automation-" + i, treeOfTime(random, 2, false), true));
    }
    RuntimeSettings settings = new RuntimeSettings(Duration.ofSeconds(pick(random, 10, 900)), 20);
    List<Entry> entries = new ArrayList<>();
    Instant now = START;
    for (int i = 0; i < 40; i++) {
      now = now.plusSeconds(pick(random, 0, 0, 1, 1, 2, 3, 5, 8, 30, -4));
      if (random.nextInt(6) == 0) {
        entries.add(new Entry.Ticked(now));
      } else if (random.nextInt(8) == 0) {
        Instant from = now.minusSeconds(pick(random, 0, 0, 2, 9));
        entries.add(new Entry.Blind(from, from.plusSeconds(pick(random, 1, 3, 5, 12, 40))));
      } else {
        Instant occurred = now.minusSeconds(pick(random, 0, 0, 0, 0, 1, 3, 7, 20, -6));
        entries.add(
            new Entry.Arrives(
                new Event(
                    "e" + i,
                    occurred,
                    pick(random, "a", "b", "c"),
                    Resource.of(Resource.ID, "r", "k", pick(random, "x", "y")),
                    List.of(),
                    Payload.EMPTY,
                    null,
                    now,
                    null),
                now));
      }
    }
    return new Trace(declarations, settings, entries);
  }

  private static Trigger treeOfTime(Random random, int depth, boolean keyed) {
    int kind = random.nextInt(depth == 0 ? 3 : 6);
    boolean key = keyed || random.nextInt(3) == 0;
    List<LabelReference> forEach = key ? List.of(LabelReference.parse("k")) : List.of();
    if (kind == 0) {
      return EventTrigger.reactive()
          .expect(pick(random, "a", "b", "[ab]"))
          .forEach(forEach)
          .build();
    }
    if (kind < 3) {
      return watchOfTime(random, forEach);
    }
    List<Trigger> children = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      children.add(treeOfTime(random, depth - 1, key));
    }
    Duration within = random.nextInt(4) == 0 ? null : Duration.ofSeconds(pick(random, 0, 5, 20));
    return kind == 3
        ? new SequenceTrigger(children, within, forEach, 1_000)
        : new CompoundTrigger(
            children, 1 + random.nextInt(children.size()), within, forEach, 1_000);
  }

  private static Trigger watchOfTime(Random random, List<LabelReference> forEach) {
    List<Pattern> after =
        random.nextInt(2) == 0 ? List.of() : List.of(Pattern.of(pick(random, "a", "[ab]", "c")));
    boolean roster = after.isEmpty() && !forEach.isEmpty() && random.nextInt(3) == 0;
    boolean repeats = random.nextInt(2) == 0;
    return EventTrigger.of(
            new Posture.Proactive(
                Duration.ofSeconds(pick(random, 0, 0, 4)),
                OnBlind.valueOf(pick(random, "EXTEND", "FIRE", "SUPPRESS")),
                repeats ? Duration.ofSeconds(pick(random, 1, 4)) : null,
                roster ? List.of(new BucketingKey(List.of("x"))) : List.of(),
                Duration.ofSeconds(pick(random, 7, 100))))
        .after(after)
        .expect(pick(random, "a", "b", "[ab]"))
        .forEach(forEach)
        .threshold(1 + random.nextInt(2))
        .within(Duration.ofSeconds(pick(random, 2, 5, 10)))
        .build();
  }

  /** Mostly none or one of the lengths of windows, give or take a microsecond; at times back. */
  private static Duration step(Random random) {
    Duration length = Duration.ofSeconds(pick(random, 0, 0, 0, 1, 5, 5, 10, 900, -3));
    return length.plusNanos(1_000L * pick(random, 0, 0, 0, 0, -1, 1));
  }

  public static EventTrigger trigger(Random random) {
    List<Pattern> after = random.nextInt(3) == 0 ? patterns(random, 2, NAME_PATTERNS) : List.of();
    List<Pattern> expect = patterns(random, 3, NAME_PATTERNS);
    boolean endless =
        after.isEmpty() ? random.nextInt(5) == 0 : Collections.disjoint(after, expect);
    Duration within =
        endless ? Duration.ZERO : Duration.ofNanos(1_000L * pick(random, 1, 5_000_000, 10_000_000));
    List<LabelReference> forEach = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      forEach.add(LabelReference.parse(pick(random, REFERENCES)));
    }
    return EventTrigger.reactive()
        .match(specification(random))
        .matchRelated(
            switch (random.nextInt(4)) {
              case 0 -> List.of(specification(random));
              case 1 -> List.of(specification(random), specification(random));
              default -> List.of();
            })
        .where(random.nextInt(6) == 0 ? Conditions.longId() : null)
        .after(after)
        .expect(expect)
        .forEach(forEach)
        .threshold(after.isEmpty() && within.isZero() ? 1 : 1 + random.nextInt(4))
        .within(within)
        .maxKeys(pick(random, 1, 2, 1_000))
        .matchAll(true)
        .build();
  }

  public static Event event(Random random, String id, Instant now) {
    List<RelatedResource> related = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      Map<String, String> labels = labels(random);
      labels.put(RelatedResource.ROLE, pick(random, ROLES));
      related.add(new RelatedResource(Labels.of(labels)));
    }
    Instant occurred = now.minus(random.nextInt(3) > 0 ? Duration.ZERO : step(random).abs());
    int depth = random.nextInt(5);
    return new Event(
        id,
        random.nextInt(20) == 0 ? occurred.plusSeconds(1_000) : occurred,
        pick(random, NAMES),
        new Resource(Labels.of(labels(random))),
        related,
        Payload.EMPTY,
        null,
        now,
        depth == 0 ? null : new Causation(depth, "origin"));
  }

  private static Map<String, String> labels(Random random) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(Resource.ID, pick(random, VALUES));
    for (String label : LABELS) {
      if (random.nextInt(3) > 0) {
        labels.put(label, pick(random, VALUES));
      }
    }
    return labels;
  }

  private static ResourceSpecification specification(Random random) {
    Map<String, List<Pattern>> patterns = new LinkedHashMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      String label = random.nextBoolean() ? pick(random, LABELS) : Resource.ID;
      List<Pattern> alternatives = new ArrayList<>(patterns(random, 2, VALUE_PATTERNS));
      alternatives.add(Pattern.of(pick(random, VALUE_PATTERNS)));
      patterns.put(label, alternatives);
    }
    return new ResourceSpecification(patterns);
  }

  private static List<Pattern> patterns(Random random, int most, String[] texts) {
    List<Pattern> patterns = new ArrayList<>();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      patterns.add(Pattern.of(pick(random, texts)));
    }
    return patterns;
  }

  private static String pick(Random random, String... texts) {
    return texts[random.nextInt(texts.length)];
  }

  private static int pick(Random random, int... numbers) {
    return numbers[random.nextInt(numbers.length)];
  }
}
