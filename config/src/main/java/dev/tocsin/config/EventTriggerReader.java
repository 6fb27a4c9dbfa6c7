package dev.tocsin.config;

import dev.tocsin.config.document.Fields;
import dev.tocsin.config.document.Node;
import dev.tocsin.config.document.Quoted;
import dev.tocsin.config.document.Value;
import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.CodePoints;
import dev.tocsin.triggers.Condition;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.LabelReference;
import dev.tocsin.triggers.OnBlind;
import dev.tocsin.triggers.Pattern;
import dev.tocsin.triggers.PlainDuration;
import dev.tocsin.triggers.Posture;
import dev.tocsin.triggers.ResourceSpecification;
import dev.tocsin.wire.Suggestion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the fields of event triggers, Reactive and Proactive. */
final class EventTriggerReader {

  /** Fields of the absence of events. */
  static final List<String> PROACTIVE_ONLY =
      List.of("lateness", "on_blind", "repeat", "roster", "forget_after");

  private final Duration lapse;

  /** Reads for an engine with this {@code lapse}, beyond which no deadline may wait. */
  EventTriggerReader(Duration lapse) {
    this.lapse = lapse;
  }

  /** The trigger, or null and a report. */
  @Nullable EventTrigger read(Fields fields) {
    for (String name : List.of("triggers", "require")) {
      fields.refuse(name, "is only for a composite; set type: compound or type: sequence");
    }
    ResourceSpecification match = specification(fields.take("match"));
    List<ResourceSpecification> matchRelated = new ArrayList<>();
    Value related = fields.take("match_related");
    if (related != null) {
      related.itemsOrSelf().forEach(item -> matchRelated.add(specification(item)));
    }
    Condition where = condition(fields.take("where"));
    List<Pattern> after = patterns(fields.take("after"));
    List<Pattern> expect = patterns(fields.take("expect"));
    List<LabelReference> forEach = references(fields.take("for_each"));
    int threshold = fields.integer("threshold", 1, EventTrigger.MAX_THRESHOLD, 1);
    Duration within = fields.duration("within", Duration.ZERO);
    Posture posture = posture(fields, forEach, !after.isEmpty(), within);
    boolean proactive = posture instanceof Posture.Proactive;
    int maxKeys = maxKeys(fields);
    boolean matchAll = fields.bool("match_all", false) || asksAreFaulty(fields);
    return TriggerRules.check(
        fields,
        () ->
            new EventTrigger(
                posture,
                match,
                matchRelated,
                where,
                after,
                expect,
                forEach,
                threshold,
                proactive ? proactiveWithin(within) : within,
                maxKeys,
                matchAll));
  }

  private static boolean asksAreFaulty(Fields fields) {
    return List.of("match", "match_related", "where", "expect").stream()
        .anyMatch(fields::isFaultyField);
  }

  private static Duration proactiveWithin(Duration within) {
    return within.isZero() ? EventTrigger.DEFAULT_PROACTIVE_WITHIN : within;
  }

  private Posture posture(
      Fields fields, List<LabelReference> forEach, boolean hasAfter, Duration within) {
    String name = fields.word("posture", "Reactive or Proactive");
    if (name == null || name.equalsIgnoreCase("reactive")) {
      refuseProactiveFields(fields);
      return new Posture.Reactive();
    }
    if (!name.equalsIgnoreCase("proactive")) {
      fields.error(
          "posture",
          "must be Reactive or Proactive, not "
              + Quoted.of(name)
              + Suggestion.of(name, List.of("Reactive", "Proactive")));
      fields.ignore(PROACTIVE_ONLY.toArray(String[]::new));
      return new Posture.Reactive();
    }
    if (hasAfter) {
      for (String field : List.of("repeat", "roster", "forget_after")) {
        fields.refuse(field, "is only for a watch, which is a Proactive trigger without after");
      }
    }
    return new Posture.Proactive(
        lateness(fields),
        onBlind(fields),
        hasAfter ? null : repeat(fields, forEach, within),
        hasAfter ? List.of() : roster(fields, forEach),
        hasAfter ? Posture.Proactive.DEFAULT_FORGET_AFTER : forgetAfter(fields, forEach));
  }

  private static void refuseProactiveFields(Fields fields) {
    for (String field : PROACTIVE_ONLY) {
      fields.refuse(field, "is only for a Proactive trigger; this one is Reactive");
    }
  }

  private Duration lateness(Fields fields) {
    Duration lateness = fields.duration("lateness", Duration.ZERO);
    if (lateness.compareTo(lapse) > 0) {
      fields.error(
          "lateness",
          "must be at most the setting lapse, "
              + PlainDuration.of(lapse)
              + ", not "
              + PlainDuration.of(lateness));
    }
    return lateness;
  }

  private static OnBlind onBlind(Fields fields) {
    String name = fields.word("on_blind", "extend, fire or suppress");
    return switch (name) {
      case null -> OnBlind.EXTEND;
      case "extend" -> OnBlind.EXTEND;
      case "fire" -> OnBlind.FIRE;
      case "suppress" -> OnBlind.SUPPRESS;
      default -> {
        fields.error("on_blind", "must be extend, fire or suppress, not " + Quoted.of(name));
        yield OnBlind.EXTEND;
      }
    };
  }

  private static @Nullable Duration repeat(
      Fields fields, List<LabelReference> forEach, Duration within) {
    Value value = fields.take("repeat");
    if (value == null) {
      boolean isTooShort = within.compareTo(EventTrigger.MIN_PROACTIVE_WITHIN) < 0;
      Duration each = isTooShort ? EventTrigger.DEFAULT_PROACTIVE_WITHIN : within;
      return forEach.isEmpty() ? each : null;
    }
    boolean isNever = value.node() instanceof Node.Scalar scalar && scalar.text().equals("never");
    return isNever ? null : value.duration();
  }

  private static Duration forgetAfter(Fields fields, List<LabelReference> forEach) {
    if (forEach.isEmpty() && !fields.isFaultyField("for_each")) {
      fields.refuse(
          "forget_after", "is only for a watch with for_each, whose keys can be forgotten");
    }
    return fields.duration("forget_after", Posture.Proactive.DEFAULT_FORGET_AFTER);
  }

  private static List<BucketingKey> roster(Fields fields, List<LabelReference> forEach) {
    Value value = fields.take("roster");
    if (value == null || fields.isFaultyField("for_each")) {
      return List.of();
    }
    List<String> references =
        forEach.stream().map(LabelReference::text).distinct().sorted(CodePoints.ORDER).toList();
    List<BucketingKey> roster = new ArrayList<>();
    Set<BucketingKey> seen = new HashSet<>();
    for (Value item : value.items()) {
      BucketingKey key = key(item, references);
      if (key != null && !seen.add(key)) {
        item.warning("duplicate key in the roster; it counts once");
      } else if (key != null) {
        roster.add(key);
      }
    }
    return roster;
  }

  private static @Nullable BucketingKey key(Value item, List<String> references) {
    Fields labels = item.fields();
    if (labels == null) {
      return null;
    }
    List<String> values = new ArrayList<>();
    for (String reference : references) {
      Value label = labels.require(reference);
      String text = label == null ? null : label.text();
      if (text != null) {
        values.add(text);
      }
    }
    for (String label : labels.all().keySet()) {
      if (!references.contains(label)) {
        labels.refuse(label, "is not in for_each" + Suggestion.of(label, references));
      }
    }
    return values.size() == references.size() ? new BucketingKey(values) : null;
  }

  private static @Nullable Condition condition(@Nullable Value value) {
    String text = value == null ? null : value.text();
    if (value == null || text == null) {
      return null;
    }
    CelCondition.Compilation compilation = CelCondition.compile(text);
    compilation.faults().forEach(value::error);
    return compilation.condition();
  }

  private static ResourceSpecification specification(@Nullable Value value) {
    Fields labels = value == null ? null : value.fields();
    if (labels == null) {
      return ResourceSpecification.ANY;
    }
    Map<String, List<Pattern>> patterns = new LinkedHashMap<>();
    labels
        .all()
        .forEach(
            (label, alternatives) -> {
              List<Pattern> read = patterns(alternatives);
              if (!read.isEmpty()) {
                patterns.put(label, read);
              } else if (alternatives.node() instanceof Node.Sequence sequence
                  && sequence.items().isEmpty()) {
                alternatives.error(
                    "must contain at least one pattern; an empty list matches nothing");
              }
            });
    return new ResourceSpecification(patterns);
  }

  /** A pattern or a list of patterns. */
  private static List<Pattern> patterns(@Nullable Value value) {
    List<Pattern> patterns = new ArrayList<>();
    if (value != null) {
      for (Value item : value.itemsOrSelf()) {
        String text = item.text();
        if (text != null) {
          try {
            patterns.add(Pattern.of(text));
          } catch (IllegalArgumentException e) {
            item.error("invalid pattern: " + e.getMessage());
          }
        }
      }
    }
    return patterns;
  }

  /** Most keys with state. */
  static int maxKeys(Fields fields) {
    return fields.integer("max_keys", 1, Integer.MAX_VALUE, EventTrigger.DEFAULT_MAX_KEYS);
  }

  /** A reference or a list of references. */
  static List<LabelReference> references(@Nullable Value value) {
    List<LabelReference> references = new ArrayList<>();
    if (value != null) {
      for (Value item : value.itemsOrSelf()) {
        String text = item.text();
        if (text != null) {
          try {
            references.add(LabelReference.parse(text));
          } catch (IllegalArgumentException e) {
            item.error(e.getMessage() + ", not " + Quoted.of(text));
          }
        }
      }
    }
    return references;
  }
}
