package dev.tocsin.config;

import dev.tocsin.config.document.Fields;
import dev.tocsin.config.document.Node;
import dev.tocsin.config.document.Quoted;
import dev.tocsin.config.document.Value;
import dev.tocsin.triggers.CompoundTrigger;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.LabelReference;
import dev.tocsin.triggers.SequenceTrigger;
import dev.tocsin.triggers.Trigger;
import dev.tocsin.wire.Suggestion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads triggers. The constructors of the triggers check most rules between their fields. */
final class TriggerReader {

  private static final List<String> EVENT_ONLY =
      List.of(
          "posture",
          "match",
          "match_related",
          "where",
          "after",
          "expect",
          "threshold",
          "match_all");

  private final EventTriggerReader events;

  /** Reads for an engine with this {@code lapse}, beyond which no deadline may wait. */
  TriggerReader(Duration lapse) {
    this.events = new EventTriggerReader(lapse);
  }

  /** The trigger, or null and a report. */
  @Nullable Trigger read(Value value) {
    Fields fields = value.fields();
    if (fields == null) {
      return null;
    }
    int errors = value.report().errors();
    fields.ignore("id");
    Trigger trigger = readType(fields);
    fields.finish();
    return value.report().errors() == errors ? trigger : null;
  }

  private @Nullable Trigger readType(Fields fields) {
    String type = fields.has("type") ? fields.text("type") : "event";
    return switch (type) {
      case null -> ignoringRest(fields);
      case "event" -> events.read(fields);
      case "compound" -> readCompound(fields);
      case "sequence" -> readSequence(fields);
      case "metric" -> {
        fields.error(
            "type",
            "metric triggers exist in Prefect Cloud only; use the events behind the metric"
                + " instead");
        yield ignoringRest(fields);
      }
      default -> {
        List<String> types = List.of("event", "compound", "sequence");
        fields.error(
            "type",
            "must be event, compound or sequence, not "
                + Quoted.of(type)
                + Suggestion.of(type, types));
        yield ignoringRest(fields);
      }
    };
  }

  private static @Nullable Trigger ignoringRest(Fields fields) {
    fields.all();
    return null;
  }

  private @Nullable Trigger readCompound(Fields fields) {
    Value written = fields.take("require");
    Composite composite = readComposite(fields);
    if (composite == null) {
      return null;
    }
    int count = composite.triggers().size();
    int require = require(written, count);
    return TriggerRules.check(
        fields,
        () ->
            new CompoundTrigger(
                composite.triggers(),
                require,
                composite.within(),
                composite.forEach(),
                composite.maxKeys()));
  }

  private @Nullable Trigger readSequence(Fields fields) {
    fields.refuse("require", "is only for a compound; a sequence requires all of its triggers");
    Composite composite = readComposite(fields);
    if (composite == null) {
      return null;
    }
    return TriggerRules.check(
        fields,
        () ->
            new SequenceTrigger(
                composite.triggers(),
                composite.within(),
                composite.forEach(),
                composite.maxKeys()));
  }

  private static int require(@Nullable Value value, int count) {
    if (value == null) {
      return count;
    }
    if (value.node() instanceof Node.Scalar scalar) {
      switch (scalar.text()) {
        case "any" -> {
          return 1;
        }
        case "all" -> {
          return count;
        }
        default -> {
          if (scalar.kind() == Node.ScalarKind.INTEGER) {
            Integer number = value.integer(1, Math.max(1, count));
            return number == null ? count : number;
          }
        }
      }
    }
    value.mustBe("any, all or a number");
    return count;
  }

  private @Nullable Composite readComposite(Fields fields) {
    List<LabelReference> forEach = EventTriggerReader.references(fields.take("for_each"));
    List<Trigger> triggers = new ArrayList<>();
    Value list = fields.require("triggers");
    if (list != null) {
      for (Value child : list.items()) {
        Trigger trigger = read(child);
        triggers.add(trigger == null ? placeholder(forEach) : trigger);
      }
    }
    if (!fields.has("within")) {
      fields.self().error("missing field within; null means no limit");
    }
    Value within = fields.take("within");
    for (String name : EventTriggerReader.PROACTIVE_ONLY) {
      fields.refuse(name, "is only for a Proactive event trigger, not for a composite");
    }
    for (String name : EVENT_ONLY) {
      fields.refuse(name, "is only for an event trigger; move it into one of triggers");
    }
    int maxKeys = EventTriggerReader.maxKeys(fields);
    Duration apart = within == null ? null : within.duration();
    return list == null ? null : new Composite(triggers, apart, forEach, maxKeys);
  }

  /** Stands for a child that could not be read, so that the rest of its parent is still checked. */
  private static Trigger placeholder(List<LabelReference> forEach) {
    return EventTrigger.reactive().matchAll(true).forEach(forEach).build();
  }

  private record Composite(
      List<Trigger> triggers,
      @Nullable Duration within,
      List<LabelReference> forEach,
      int maxKeys) {}
}
