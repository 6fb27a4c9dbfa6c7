package dev.tocsin.config;

import dev.tocsin.config.document.FieldPath;
import dev.tocsin.config.document.Fields;
import dev.tocsin.config.document.Node;
import dev.tocsin.config.document.Value;
import dev.tocsin.triggers.InvalidTriggerException;
import dev.tocsin.triggers.Trigger;
import dev.tocsin.triggers.Violation;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the fields behind the rules that the constructor of a trigger reports as broken. */
final class TriggerRules {

  private static final Pattern STEP = Pattern.compile("[^.\\[\\]]+");

  private TriggerRules() {}

  /** Makes the trigger; each rule that it breaks is reported at its field. */
  static <T extends Trigger> @Nullable T check(Fields fields, Supplier<T> maker) {
    try {
      return maker.get();
    } catch (InvalidTriggerException e) {
      e.violations().forEach(violation -> report(fields, violation));
      return null;
    }
  }

  /** Reports at the field of a name like {@code triggers[2].for_each}, or at its nearest parent. */
  private static void report(Fields fields, Violation violation) {
    Value found = fields.self();
    Matcher steps = STEP.matcher(violation.field());
    String missing = "";
    while (missing.isEmpty() && steps.find()) {
      Value next = step(found, steps.group());
      if (next == null) {
        missing = violation.field().substring(steps.start()) + " ";
      } else {
        found = next;
      }
    }
    if (!fields.isFaulty(found.path())) {
      found.error(missing + violation.message());
    }
  }

  private static @Nullable Value step(Value value, String name) {
    return switch (value.node()) {
      case Node.Mapping mapping -> {
        Node.Member entry = mapping.find(name);
        yield entry == null
            ? null
            : new Value(entry.value(), FieldPath.of(value.path(), name), value.report());
      }
      case Node.Sequence sequence -> {
        int index = Integer.parseInt(name);
        yield index < sequence.items().size() ? value.items().get(index) : null;
      }
      case Node.Scalar _ -> null;
    };
  }
}
