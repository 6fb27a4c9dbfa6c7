package dev.tocsin.actions.template;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An operator between two operands. What is undefined makes no text, no number and no order. */
enum Operator {
  EQUAL {
    @Override
    Object apply(@Nullable Object left, @Nullable Object right, Rendition rendition) {
      return Values.equal(left, right, rendition);
    }
  },
  NOT_EQUAL {
    @Override
    Object apply(@Nullable Object left, @Nullable Object right, Rendition rendition) {
      return !Values.equal(left, right, rendition);
    }
  },
  LESS {
    @Override
    Object apply(@Nullable Object left, @Nullable Object right, Rendition rendition) {
      return bothPresent(left, right) && Values.compare(left, right, rendition) < 0;
    }
  },
  LESS_OR_EQUAL {
    @Override
    Object apply(@Nullable Object left, @Nullable Object right, Rendition rendition) {
      return bothPresent(left, right) && Values.compare(left, right, rendition) <= 0;
    }
  },
  GREATER {
    @Override
    Object apply(@Nullable Object left, @Nullable Object right, Rendition rendition) {
      return bothPresent(left, right) && Values.compare(left, right, rendition) > 0;
    }
  },
  GREATER_OR_EQUAL {
    @Override
    Object apply(@Nullable Object left, @Nullable Object right, Rendition rendition) {
      return bothPresent(left, right) && Values.compare(left, right, rendition) >= 0;
    }
  },
  IN {
    @Override
    Object apply(@Nullable Object left, @Nullable Object right, Rendition rendition) {
      return !(left instanceof Undefined) && Values.contains(right, left, rendition);
    }
  },
  NOT_IN {
    @Override
    Object apply(@Nullable Object left, @Nullable Object right, Rendition rendition) {
      return left instanceof Undefined || !Values.contains(right, left, rendition);
    }
  },
  JOIN {
    @Override
    Object apply(@Nullable Object left, @Nullable Object right, Rendition rendition) {
      return new BoundedText(rendition)
          .append(rendition.text(left))
          .append(rendition.text(right))
          .toString();
    }
  },
  ADD {
    @Override
    @Nullable Object apply(@Nullable Object left, @Nullable Object right, Rendition rendition) {
      if (left instanceof String || right instanceof String) {
        return JOIN.apply(left, right, rendition);
      }
      if (left instanceof List<?> && right instanceof List<?>) {
        List<@Nullable Object> both = new ArrayList<>(rendition.items(left));
        both.addAll(rendition.items(right));
        return rendition.bounded(both);
      }
      return numbers("add", left, right, rendition, Values::add);
    }
  },
  SUBTRACT {
    @Override
    @Nullable Object apply(@Nullable Object left, @Nullable Object right, Rendition rendition) {
      return numbers("subtract", left, right, rendition, Values::subtract);
    }
  },
  MULTIPLY {
    @Override
    @Nullable Object apply(@Nullable Object left, @Nullable Object right, Rendition rendition) {
      if (left instanceof String text && right instanceof Number times && Values.isWhole(times)) {
        return new BoundedText(rendition).repeat(text, times.longValue()).toString();
      }
      return numbers("multiply", left, right, rendition, Values::multiply);
    }
  },
  DIVIDE {
    @Override
    @Nullable Object apply(@Nullable Object left, @Nullable Object right, Rendition rendition) {
      return numbers("divide", left, right, rendition, Values::divide);
    }
  },
  DIVIDE_DOWN {
    @Override
    @Nullable Object apply(@Nullable Object left, @Nullable Object right, Rendition rendition) {
      return numbers("divide", left, right, rendition, Values::divideDown);
    }
  },
  REMAINDER {
    @Override
    @Nullable Object apply(@Nullable Object left, @Nullable Object right, Rendition rendition) {
      return numbers("divide", left, right, rendition, Values::remainder);
    }
  },
  POWER {
    @Override
    @Nullable Object apply(@Nullable Object left, @Nullable Object right, Rendition rendition) {
      return numbers("raise", left, right, rendition, Values::power);
    }
  };

  abstract @Nullable Object apply(
      @Nullable Object left, @Nullable Object right, Rendition rendition);

  private static boolean bothPresent(@Nullable Object left, @Nullable Object right) {
    return left != null
        && right != null
        && !(left instanceof Undefined)
        && !(right instanceof Undefined);
  }

  private static @Nullable Object numbers(
      String verb,
      @Nullable Object left,
      @Nullable Object right,
      Rendition rendition,
      Arithmetic arithmetic) {
    Object a = rendition.use(left);
    Object b = rendition.use(right);
    if (a == null || b == null) {
      return null;
    }
    if (a instanceof Number x && b instanceof Number y) {
      return arithmetic.apply(x, y, rendition);
    }
    throw rendition.fault("cannot " + verb + " " + Values.kind(a) + " and " + Values.kind(b));
  }

  private interface Arithmetic {
    Number apply(Number a, Number b, Rendition rendition);
  }
}
