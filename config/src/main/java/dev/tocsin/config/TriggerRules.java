package dev.tocsin.config;

import dev.tocsin.triggers.InvalidTriggerException;
import dev.tocsin.triggers.Trigger;
import dev.tocsin.triggers.Violation;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the places of the rules that a trigger's own constructor says are broken. */
final class TriggerRules {

  private static final Pattern STEP = Pattern.compile("[^.\\[\\]]+");

  private TriggerRules() {}

  /** Makes the trigger; each rule that it breaks is reported where its field stands. */
  static <T extends Trigger> @Nullable T check(Fields fields, Supplier<T> maker) {
    try {
      return maker.get();
    } catch (InvalidTriggerException e) {
      Value trigger = fields.self();
      for (Violation violation : e.violations()) {
        Value field = locate(trigger, violation.field());
        if (!fields.isFaulty(field.path())) {
          boolean isWritten = field.path().endsWith(violation.field());
          field.error(isWritten ? violation.message() : violation.toString());
        }
      }
      return null;
    }
  }

  /** The field of a name like {@code within} or {@code triggers[2].for_each}, or its nearest parent. */
  private static Value locate(Value trigger, String field) {
    Value found = trigger;
    Matcher steps = STEP.matcher(field);
    while (steps.find()) {
      Value next = step(found, steps.group());
      if (next == null) {
        return found;
      }
      found = next;
    }
    return found;
  }

  private static @Nullable Value step(Value value, String name) {
    return switch (value.node()) {
      case Node.Mapping mapping -> {
        Node.Entry entry = mapping.find(name);
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
