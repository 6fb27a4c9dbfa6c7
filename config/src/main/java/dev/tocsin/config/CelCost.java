package dev.tocsin.config;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.values.CelByteString;
import dev.cel.runtime.CelEvaluationListener;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What it costs to evaluate an expression. The cost counts what is touched, and never measures
 * time, so an evaluation ends the same way everywhere. A step is one value that is read or
 * computed, 100 characters that are read, 10 characters that are written, 10 items that are
 * compared or written, or 10 instructions of a regular expression at one character.
 */
final class CelCost {

  /** Maximum number of steps of one evaluation. */
  static final int MAX_STEPS = 1_000_000;

  private static final int STEP = 100;
  private static final long MAX_COST = (long) MAX_STEPS * STEP;
  private static final int READ_CHARACTER = 1;
  private static final int WRITTEN_CHARACTER = 10;
  private static final int ITEM = 10;
  private static final int MATCHED = 10;

  /** Compiling a regular expression costs as much as matching this number of characters. */
  private static final int COMPILED = 20;

  /** Numbers of expressions whose value is compared, with all that it contains. */
  private final BitSet compared = new BitSet();

  /** Numbers of expressions that are searched, item by item, if they are lists. */
  private final BitSet searched = new BitSet();

  /** Numbers of expressions that write a new text, byte string or list. */
  private final BitSet written = new BitSet();

  /** Numbers of expressions that are matched. */
  private final BitSet matched = new BitSet();

  private final Map<Integer, Regex> regexes = new HashMap<>();
  private final Map<Long, Integer> places;

  /**
   * A regular expression.
   *
   * @param text number of the expression that it is matched with
   * @param size number of its instructions; 0 if only an evaluation knows it
   */
  private record Regex(int text, int size) {}

  /** Of a checked expression. */
  CelCost(CelAbstractSyntaxTree tree) {
    places = tree.getSource().getPositionsMap();
    CelNavigableAst.fromAst(tree)
        .getRoot()
        .allNodes()
        .map(CelNavigableExpr::expr)
        .filter(expr -> expr.exprKind().getKind() == CelExpr.ExprKind.Kind.CALL)
        .forEach(this::add);
  }

  private void add(CelExpr expr) {
    List<CelExpr> values = new ArrayList<>(expr.call().args());
    expr.call().target().ifPresent(values::addFirst);
    switch (expr.call().function()) {
      case "_==_", "_!=_" -> values.forEach(value -> compared.set(number(value)));
      case "@in" -> {
        compared.set(number(values.getFirst()));
        searched.set(number(values.getLast()));
      }
      case "_[_]" -> compared.set(number(values.getLast()));
      case "_+_", "string", "bytes" -> written.set(number(expr));
      case "matches" -> {
        matched.set(number(values.getFirst()));
        regexes.put(
            number(values.getLast()),
            new Regex(number(values.getFirst()), constantSize(values.getLast())));
      }
      default -> {}
    }
  }

  private static int constantSize(CelExpr expr) {
    return expr.exprKind().getKind() == CelExpr.ExprKind.Kind.CONSTANT
            && expr.constant().getKind() == CelConstant.Kind.STRING_VALUE
        ? CelFunctions.sizeOfRegex(expr.constant().stringValue())
        : 0;
  }

  private static int number(CelExpr expr) {
    return Math.toIntExact(expr.id());
  }

  /** Ends an evaluation that costs too much. */
  private static final class CostException extends RuntimeException {
    CostException() {
      super("exceeds %,d steps".formatted(MAX_STEPS));
    }
  }

  /** The cost of one evaluation; throws as soon as it is too much. */
  final class StepCount implements CelEvaluationListener {

    private final Map<Integer, Integer> sizes = new HashMap<>();
    private long cost;
    private @Nullable String fault;

    /**
     * Where and why the evaluation ended, or null if it did not. An operator of CEL may have caught
     * the exception; so a result counts only if this is null.
     */
    @Nullable String fault() {
      return fault;
    }

    @Override
    public void callback(CelExpr expr, Object value) {
      int number = number(expr);
      int size = size(value);
      add(STEP + (long) size * READ_CHARACTER, number);
      if (compared.get(number) || (value instanceof List && searched.get(number))) {
        addItems(value, number);
      }
      if (written.get(number)) {
        long items = value instanceof List<?> list && !CelFunctions.isView(list) ? list.size() : 0;
        add((long) size * WRITTEN_CHARACTER + items * ITEM, number);
      }
      if (matched.get(number)) {
        sizes.put(number, size);
      }
      Regex regex = regexes.get(number);
      if (regex != null && value instanceof String text) {
        int instructions = regex.size() > 0 ? regex.size() : CelFunctions.boundOfRegex(text);
        long characters = COMPILED + (long) sizes.getOrDefault(regex.text(), 0);
        add(characters * instructions * MATCHED, number);
      }
    }

    /** Adds all that a value contains. */
    private void addItems(@Nullable Object value, int number) {
      add(ITEM + (long) size(value) * READ_CHARACTER, number);
      switch (value) {
        case List<?> items -> items.forEach(item -> addItems(item, number));
        case Map<?, ?> map ->
            map.forEach(
                (key, item) -> {
                  addItems(key, number);
                  addItems(item, number);
                });
        case null, default -> {}
      }
    }

    private void add(long more, int number) {
      cost += more;
      if (cost > MAX_COST) {
        Integer place = places.get((long) number);
        CostException tooMuch = new CostException();
        if (fault == null) {
          fault =
              (place == null ? "" : "at character " + (place + 1) + ": ") + tooMuch.getMessage();
        }
        throw tooMuch;
      }
    }

    private static int size(@Nullable Object value) {
      return switch (value) {
        case String text -> text.length();
        case CelByteString bytes -> bytes.size();
        case null, default -> 0;
      };
    }
  }
}
