package dev.tocsin.actions.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import jinjava.de.odysseus.el.misc.TypeConverter;
import jinjava.de.odysseus.el.tree.Bindings;
import jinjava.de.odysseus.el.tree.impl.ast.AstBinary;
import jinjava.de.odysseus.el.tree.impl.ast.AstNode;
import jinjava.javax.el.ELContext;
import org.jspecify.annotations.Nullable;

/**
 * The operators {@code //} and {@code **} for all numbers, exact if both are whole. With null they
 * are null.
 */
enum Arithmetic implements AstBinary.Operator {
  FLOOR_DIVISION {
    @Override
    Object of(BigDecimal left, BigDecimal right, BoundedInterpreter rendition) {
      if (right.signum() == 0) {
        throw rendition.fault("division by zero");
      }
      BigDecimal[] parts = left.divideAndRemainder(right);
      boolean isBelow = parts[1].signum() * right.signum() < 0;
      BigDecimal floor = isBelow ? parts[0].subtract(BigDecimal.ONE) : parts[0];
      return isWhole(left) && isWhole(right) ? whole(floor.toBigInteger()) : floor.setScale(1);
    }
  },

  POWER {
    @Override
    Object of(BigDecimal left, BigDecimal right, BoundedInterpreter rendition) {
      if (!isWhole(left) || !isWhole(right) || right.signum() < 0) {
        return Math.pow(left.doubleValue(), right.doubleValue());
      }
      BigInteger base = left.toBigInteger();
      BigDecimal leastBits = right.multiply(BigDecimal.valueOf(base.abs().bitLength() - 1L));
      if (leastBits.compareTo(BigDecimal.valueOf(BoundedInterpreter.MAX_BITS)) > 0) {
        throw rendition.fault("a number exceeds 10,000 bits");
      }
      boolean isSmall = base.abs().bitLength() <= 1;
      return whole(base.pow(isSmall ? parity(right) : right.intValueExact()));
    }
  };

  abstract Object of(BigDecimal left, BigDecimal right, BoundedInterpreter rendition);

  @Override
  public @Nullable Object eval(
      Bindings bindings, ELContext context, AstNode leftNode, AstNode rightNode) {
    Object left = leftNode.eval(bindings, context);
    Object right = rightNode.eval(bindings, context);
    if (left == null || right == null) {
      return null;
    }
    return of(number(left, bindings), number(right, bindings), CheckedParser.rendition(context));
  }

  private static BigDecimal number(Object value, TypeConverter converter) {
    return value instanceof Double || value instanceof Float
        ? new BigDecimal(value.toString())
        : converter.convert(value, BigDecimal.class);
  }

  static boolean isWhole(BigDecimal number) {
    return number.scale() <= 0;
  }

  /** A whole number in its smallest form. */
  static Object whole(BigInteger number) {
    return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
  }

  /** An exponent that results in the same power of 0, 1 and -1. */
  private static int parity(BigDecimal exponent) {
    int odd = exponent.toBigInteger().testBit(0) ? 1 : 0;
    return exponent.signum() == 0 ? 0 : 2 - odd;
  }
}
