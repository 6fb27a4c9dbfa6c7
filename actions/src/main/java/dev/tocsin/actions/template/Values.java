package dev.tocsin.actions.template;

import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Truth, equality, order and arithmetic of template values, as Python has them. */
final class Values {

  private static final int MAX_DEPTH = 100;
  private static final int MAX_BITS = 4_096;

  private Values() {}

  /** What a value is, for an error. */
  static String kind(@Nullable Object value) {
    return switch (Rendition.plain(value)) {
      case null -> "nothing";
      case Undefined missing -> "nothing";
      case String text -> "text";
      case Boolean truth -> "a boolean";
      case Number number -> "a number";
      case Map<?, ?> map -> "a map";
      case List<?> list -> "a list";
      default -> "this value";
    };
  }

  static boolean truth(@Nullable Object value) {
    return switch (Rendition.plain(value)) {
      case null -> false;
      case Undefined missing -> false;
      case Boolean truth -> truth;
      case Number number -> number.doubleValue() != 0;
      case String text -> !text.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      case List<?> list -> !list.isEmpty();
      default -> true;
    };
  }

  static boolean equal(@Nullable Object left, @Nullable Object right, Rendition rendition) {
    return equal(left, right, rendition, 0);
  }

  private static boolean equal(
      @Nullable Object left, @Nullable Object right, Rendition rendition, int depth) {
    if (depth > MAX_DEPTH) {
      throw rendition.fault("values nested deeper than 100 levels cannot be compared");
    }
    rendition.spend(1);
    Object a = absentAsNull(Rendition.plain(left));
    Object b = absentAsNull(Rendition.plain(right));
    if (a instanceof Number x && b instanceof Number y) {
      return compareNumbers(x, y) == 0;
    }
    if (a instanceof String x && b instanceof String y) {
      rendition.spend(Math.min(x.length(), y.length()));
      return x.equals(y);
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      return equalItems(x, y, rendition, depth);
    }
    if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
      return equalFields(x, y, rendition, depth);
    }
    return Objects.equals(a, b);
  }

  private static boolean equalItems(List<?> a, List<?> b, Rendition rendition, int depth) {
    if (a.size() != b.size()) {
      return false;
    }
    Iterator<?> others = b.iterator();
    for (Object item : a) {
      if (!equal(item, others.next(), rendition, depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalFields(Map<?, ?> a, Map<?, ?> b, Rendition rendition, int depth) {
    if (a.size() != b.size()) {
      return false;
    }
    for (Map.Entry<?, ?> field : a.entrySet()) {
      if (!b.containsKey(field.getKey())
          || !equal(field.getValue(), b.get(field.getKey()), rendition, depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Object absentAsNull(@Nullable Object value) {
    return value instanceof Undefined ? null : value;
  }

  /** Orders numbers and texts; of nothing else, nor of one with the other, there is an order. */
  static int compare(@Nullable Object left, @Nullable Object right, Rendition rendition) {
    rendition.spend(1);
    if (left instanceof Number a && right instanceof Number b) {
      return compareNumbers(a, b);
    }
    if (left instanceof String a && right instanceof String b) {
      rendition.spend(Math.min(a.length(), b.length()));
      return a.compareTo(b);
    }
    throw rendition.fault("cannot order " + kind(left) + " and " + kind(right));
  }

  private static int compareNumbers(Number a, Number b) {
    if (isWhole(a) && isWhole(b)) {
      return whole(a).compareTo(whole(b));
    }
    return Double.compare(a.doubleValue() + 0.0, b.doubleValue() + 0.0);
  }

  static boolean contains(@Nullable Object whole, @Nullable Object part, Rendition rendition) {
    Object plain = Rendition.plain(rendition.use(whole));
    return switch (plain) {
      case null -> false;
      case String text -> {
        String sought = rendition.text(part);
        rendition.spend(text.length());
        yield text.contains(sought);
      }
      case Map<?, ?> map -> part instanceof String key && map.containsKey(key);
      case List<?> list -> {
        boolean found = false;
        for (Object item : list) {
          found = found || equal(item, part, rendition);
        }
        yield found;
      }
      default -> throw rendition.fault("cannot look for something in " + kind(plain));
    };
  }

  static boolean isWhole(@Nullable Object value) {
    return value instanceof Integer || value instanceof Long || value instanceof BigInteger;
  }

  static BigInteger whole(Number number) {
    return number instanceof BigInteger big ? big : BigInteger.valueOf(number.longValue());
  }

  /** A whole number in its smallest form; one beyond 4,096 bits is refused. */
  static Number reduce(BigInteger number, Rendition rendition) {
    if (number.bitLength() > MAX_BITS) {
      throw rendition.fault("a number grows beyond 1,233 digits");
    }
    return number.bitLength() < Long.SIZE ? (Number) number.longValue() : number;
  }

  static Number add(Number a, Number b, Rendition rendition) {
    return isWhole(a) && isWhole(b)
        ? reduce(whole(a).add(whole(b)), rendition)
        : (Number) (a.doubleValue() + b.doubleValue());
  }

  static Number subtract(Number a, Number b, Rendition rendition) {
    return isWhole(a) && isWhole(b)
        ? reduce(whole(a).subtract(whole(b)), rendition)
        : (Number) (a.doubleValue() - b.doubleValue());
  }

  static Number multiply(Number a, Number b, Rendition rendition) {
    return isWhole(a) && isWhole(b)
        ? reduce(whole(a).multiply(whole(b)), rendition)
        : (Number) (a.doubleValue() * b.doubleValue());
  }

  static Number divide(Number a, Number b, Rendition rendition) {
    requireNotZero(b, rendition);
    return a.doubleValue() / b.doubleValue();
  }

  /** Division rounded down, as Python's {@code //}. */
  static Number divideDown(Number a, Number b, Rendition rendition) {
    requireNotZero(b, rendition);
    if (!isWhole(a) || !isWhole(b)) {
      return Math.floor(a.doubleValue() / b.doubleValue());
    }
    BigInteger[] parts = whole(a).divideAndRemainder(whole(b));
    boolean down = parts[1].signum() != 0 && parts[1].signum() != whole(b).signum();
    return reduce(down ? parts[0].subtract(BigInteger.ONE) : parts[0], rendition);
  }

  /** The remainder with the sign of the divisor, as Python's {@code %}. */
  static Number remainder(Number a, Number b, Rendition rendition) {
    requireNotZero(b, rendition);
    if (!isWhole(a) || !isWhole(b)) {
      double remainder = a.doubleValue() % b.doubleValue();
      return remainder != 0 && remainder < 0 != b.doubleValue() < 0
          ? remainder + b.doubleValue()
          : remainder;
    }
    Number quotient = divideDown(a, b, rendition);
    return reduce(whole(a).subtract(whole(quotient).multiply(whole(b))), rendition);
  }

  static Number power(Number a, Number b, Rendition rendition) {
    if (!isWhole(a) || !isWhole(b) || whole(b).signum() < 0) {
      return Math.pow(a.doubleValue(), b.doubleValue());
    }
    if (whole(b).bitLength() > 12 || whole(a).bitLength() * whole(b).longValue() > MAX_BITS) {
      throw rendition.fault("a number grows beyond 1,233 digits");
    }
    return reduce(whole(a).pow(whole(b).intValueExact()), rendition);
  }

  private static void requireNotZero(Number divisor, Rendition rendition) {
    if (divisor.doubleValue() == 0) {
      throw rendition.fault("division by zero");
    }
  }
}
