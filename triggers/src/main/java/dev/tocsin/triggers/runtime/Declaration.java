package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.CompoundTrigger;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.SequenceTrigger;
import dev.tocsin.triggers.Trigger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/**
 * A trigger as an automation declares it.
 *
 * @param automation id of the automation, unique in a runtime
 * @param trigger what it watches for
 * @param enabled whether it is switched on, as long as nothing has switched it since
 */
public record Declaration(String automation, Trigger trigger, boolean enabled) {

  /**
   * Whether another declaration is equal. Unlike {@link #equals} it does not recurse: composites
   * may be nested too deeply for the stack.
   */
  boolean isSame(Declaration other) {
    return automation.equals(other.automation)
        && enabled == other.enabled
        && areSame(trigger, other.trigger);
  }

  private record Pair(Trigger one, Trigger other) {}

  private static boolean areSame(Trigger one, Trigger other) {
    Deque<Pair> left = new ArrayDeque<>();
    left.push(new Pair(one, other));
    while (!left.isEmpty()) {
      Pair pair = left.pop();
      boolean isSame =
          switch (pair) {
            case Pair(EventTrigger a, EventTrigger b) -> a.equals(b);
            case Pair(
                    CompoundTrigger(
                        var children,
                        var require,
                        var within,
                        var forEach,
                        var maxKeys),
                    CompoundTrigger b) ->
                require == b.require()
                    && Objects.equals(within, b.within())
                    && forEach.equals(b.forEach())
                    && maxKeys == b.maxKeys()
                    && pushPairs(children, b.triggers(), left);
            case Pair(
                    SequenceTrigger(var children, var within, var forEach, var maxKeys),
                    SequenceTrigger b) ->
                Objects.equals(within, b.within())
                    && forEach.equals(b.forEach())
                    && maxKeys == b.maxKeys()
                    && pushPairs(children, b.triggers(), left);
            default -> false;
          };
      if (!isSame) {
        return false;
      }
    }
    return true;
  }

  private static boolean pushPairs(List<Trigger> one, List<Trigger> other, Deque<Pair> to) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      to.push(new Pair(one.get(i), other.get(i)));
    }
    return true;
  }
}
