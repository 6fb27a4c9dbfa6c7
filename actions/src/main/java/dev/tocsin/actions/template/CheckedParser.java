package dev.tocsin.actions.template;

import com.hubspot.jinjava.el.ext.AstFilterChain;
import com.hubspot.jinjava.el.ext.AstMacroFunction;
import com.hubspot.jinjava.el.ext.AstRangeBracket;
import com.hubspot.jinjava.el.ext.CollectionMembershipOperator;
import com.hubspot.jinjava.el.ext.CollectionNonMembershipOperator;
import com.hubspot.jinjava.el.ext.ExtendedParser;
import com.hubspot.jinjava.el.ext.FilterSpec;
import com.hubspot.jinjava.el.ext.OrOperator;
import com.hubspot.jinjava.el.ext.PowerOfOperator;
import com.hubspot.jinjava.el.ext.StringConcatOperator;
import com.hubspot.jinjava.el.ext.TruncDivOperator;
import dev.tocsin.wire.Suggestion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import jinjava.de.odysseus.el.tree.Bindings;
import jinjava.de.odysseus.el.tree.impl.Builder;
import jinjava.de.odysseus.el.tree.impl.Scanner;
import jinjava.de.odysseus.el.tree.impl.ast.AstBinary;
import jinjava.de.odysseus.el.tree.impl.ast.AstBracket;
import jinjava.de.odysseus.el.tree.impl.ast.AstChoice;
import jinjava.de.odysseus.el.tree.impl.ast.AstDot;
import jinjava.de.odysseus.el.tree.impl.ast.AstFunction;
import jinjava.de.odysseus.el.tree.impl.ast.AstIdentifier;
import jinjava.de.odysseus.el.tree.impl.ast.AstMethod;
import jinjava.de.odysseus.el.tree.impl.ast.AstNode;
import jinjava.de.odysseus.el.tree.impl.ast.AstParameters;
import jinjava.de.odysseus.el.tree.impl.ast.AstProperty;
import jinjava.de.odysseus.el.tree.impl.ast.AstRightValue;
import jinjava.de.odysseus.el.tree.impl.ast.AstString;
import jinjava.de.odysseus.el.tree.impl.ast.AstUnary;
import jinjava.javax.el.ELContext;
import org.jspecify.annotations.Nullable;

/**
 * Jinjava's grammar of expressions, which also refuses names that are not known, and whose nodes
 * report to the {@link BoundedInterpreter} what they read and which paths were undefined. What a
 * {@code default}, a test, a condition or an {@code or} handles is evaluated without a report.
 */
final class CheckedParser extends ExtendedParser {

  private static final Map<Scanner.ExtensionToken, AstBinary.Operator> OPERATORS =
      Map.of(
          StringConcatOperator.TOKEN, StringConcatOperator.OP,
          CollectionMembershipOperator.TOKEN, CollectionMembershipOperator.OP,
          CollectionNonMembershipOperator.TOKEN, CollectionNonMembershipOperator.NOT_IN_OP,
          TruncDivOperator.TOKEN, Arithmetic.FLOOR_DIVISION,
          PowerOfOperator.TOKEN, Arithmetic.POWER);

  private static final Set<String> NOTHING = Set.of("none", "None");
  private static final Set<String> ABSENCE_TAKING_FILTERS = Set.of("default", "d");

  CheckedParser(Builder builder, String expression) {
    super(builder, expression);
    OPERATORS.forEach(
        (token, operator) ->
            extensions.computeIfPresent(token, (_, handler) -> computing(operator, handler)));
  }

  /** Says, without a place, what is wrong with an expression. */
  static final class SyntaxProblem extends RuntimeException {
    SyntaxProblem(String message) {
      super(message);
    }
  }

  static void requireKnown(String kind, String name, Collection<String> known) {
    if (!known.contains(name)) {
      throw new SyntaxProblem(
          "unknown " + kind + " '" + name + "'" + Suggestion.orAll(name, known));
    }
  }

  @Override
  protected void fail(String expected) {
    if (getToken().getSymbol() == Scanner.Symbol.END_EVAL
        || getToken().getSymbol() == Scanner.Symbol.EOF) {
      throw new SyntaxProblem("unexpected end");
    }
    String found = getToken().getImage();
    boolean isName = expected.contains("IDENTIFIER") && found.matches("[a-z]+");
    throw new SyntaxProblem(
        "unexpected '"
            + found
            + "'"
            + (isName ? "; write a reserved word as ['" + found + "']" : ""));
  }

  @Override
  protected void fail(Scanner.Symbol expected) {
    fail(expected.toString());
  }

  /** {@code not} binds looser than a comparison, as in Jinja. */
  @Override
  protected AstNode eq(boolean required)
      throws Scanner.ScanException, jinjava.de.odysseus.el.tree.impl.Parser.ParseException {
    if (getToken().getSymbol() == Scanner.Symbol.NOT && getToken().getImage().equals("not")) {
      consumeToken();
      return createAstUnary(eq(true), AstUnary.NOT);
    }
    return super.eq(required);
  }

  @Override
  protected boolean shouldUseFilterChainOptimization() {
    return true;
  }

  @Override
  protected AstIdentifier createAstIdentifier(String name, int index) {
    return new AstIdentifier(name, index, true) {
      @Override
      public @Nullable Object eval(Bindings bindings, ELContext context) {
        if (name.equals(INTERPRETER) || name.startsWith(EXPTEST_PREFIX)) {
          return super.eval(bindings, context);
        }
        return NOTHING.contains(name)
            ? null
            : read(this, context, () -> super.eval(bindings, context));
      }
    };
  }

  @Override
  protected AstDot createAstDot(AstNode base, String property, boolean lvalue) {
    return new AstDot(base, property, lvalue, true) {
      @Override
      public @Nullable Object eval(Bindings bindings, ELContext context) {
        return read(this, context, () -> super.eval(bindings, context));
      }
    };
  }

  @Override
  protected AstBracket createAstBracket(
      AstNode base, AstNode property, boolean lvalue, boolean strict) {
    return new AstBracket(base, property, lvalue, strict, true) {
      @Override
      public @Nullable Object eval(Bindings bindings, ELContext context) {
        return read(this, context, () -> super.eval(bindings, context));
      }
    };
  }

  @Override
  protected AstRangeBracket createAstRangeBracket(
      AstNode base, AstNode from, AstNode to, boolean lvalue, boolean strict) {
    return new AstRangeBracket(base, from, to, lvalue, strict, true) {
      @Override
      public @Nullable Object eval(Bindings bindings, ELContext context) {
        return base.eval(bindings, context) == null
            ? null
            : rendition(context).weigh(super.eval(bindings, context));
      }
    };
  }

  @Override
  protected AstFilterChain createAstFilterChain(AstNode input, List<FilterSpec> filters) {
    for (FilterSpec filter : filters) {
      requireKnown("filter", filter.getName(), BoundedJinjava.FILTERS);
      requireKnownArgument(filter);
    }
    List<FilterSpec> before = new ArrayList<>(filters);
    FilterSpec last = before.removeLast();
    AstNode value = before.isEmpty() ? input : createAstFilterChain(input, before);
    boolean takesAbsence = ABSENCE_TAKING_FILTERS.contains(last.getName());
    return new AstFilterChain(takesAbsence ? quiet(value) : value, List.of(last)) {
      @Override
      public @Nullable Object eval(Bindings bindings, ELContext context) {
        return rendition(context).weigh(super.eval(bindings, context));
      }
    };
  }

  /** {@code map('upper')} names a filter, {@code select('defined')} a test. */
  private static void requireKnownArgument(FilterSpec filter) {
    boolean named = filter.getParams() != null && filter.getParams().getCardinality() > 0;
    if (named && filter.getParams().getChild(0) instanceof AstString name) {
      switch (filter.getName()) {
        case "map" ->
            requireKnown("filter", name.eval(null, null).toString(), BoundedJinjava.FILTERS);
        case "select", "reject" ->
            requireKnown("test", name.eval(null, null).toString(), BoundedJinjava.TESTS);
        default -> {}
      }
    }
  }

  @Override
  protected AstMethod createAstMethod(AstProperty property, AstParameters parameters) {
    if (!(property instanceof AstDot dot)) {
      throw new SyntaxProblem("a method must be called by its name");
    }
    String owner = dot.getChild(0).toString();
    if (dot.getChild(0) instanceof AstIdentifier && owner.startsWith(EXPTEST_PREFIX)) {
      requireKnown("test", owner.substring(EXPTEST_PREFIX.length()), BoundedJinjava.TESTS);
      List<AstNode> quieter = new ArrayList<>(List.of(quiet(parameters.getChild(0))));
      for (int i = 1; i < parameters.getCardinality(); i++) {
        quieter.add(parameters.getChild(i));
      }
      return new AstMethod(property, createAstParameters(quieter));
    }
    requireKnown("method", dot.toString().substring(1).trim(), MapResolver.METHODS);
    return new AstMethod(property, parameters) {
      @Override
      public @Nullable Object eval(Bindings bindings, ELContext context) {
        return rendition(context).weigh(super.eval(bindings, context));
      }
    };
  }

  @Override
  protected AstFunction createAstFunction(String name, int index, AstParameters parameters) {
    requireKnown("function", name, BoundedJinjava.FUNCTIONS);
    return new AstMacroFunction(name, index, parameters, true) {
      @Override
      public @Nullable Object eval(Bindings bindings, ELContext context) {
        Object numbers = super.eval(bindings, context);
        if (numbers instanceof List<?> list && list.size() > BoundedInterpreter.MAX_RANGE) {
          throw rendition(context).fault("range must return at most 100 numbers");
        }
        return rendition(context).weigh(numbers);
      }
    };
  }

  @Override
  protected AstBinary createAstBinary(AstNode left, AstNode right, AstBinary.Operator operator) {
    AstBinary.Operator counted =
        operator instanceof AstBinary.SimpleOperator simple
            ? new CountedOperator(simple)
            : operator;
    return new AstBinary(operator.equals(OrOperator.OP) ? quiet(left) : left, right, counted) {
      @Override
      public @Nullable Object eval(Bindings bindings, ELContext context) {
        return rendition(context).weigh(super.eval(bindings, context));
      }
    };
  }

  @Override
  protected AstChoice createAstChoice(AstNode condition, AstNode yes, AstNode no) {
    return new AstChoice(quiet(condition), yes, no);
  }

  private ExtensionHandler computing(AstBinary.Operator operator, ExtensionHandler handler) {
    return new ExtensionHandler(handler.getExtensionPoint()) {
      @Override
      public AstNode createAstNode(AstNode... children) {
        return createAstBinary(children[0], children[1], operator);
      }
    };
  }

  private static AstNode quiet(AstNode node) {
    return new Around(node, (context, value) -> rendition(context).quietly(value));
  }

  /** A value at a path: only its end is reported as undefined, not the values on the way. */
  private static @Nullable Object read(
      AstNode node, ELContext context, Supplier<@Nullable Object> reading) {
    BoundedInterpreter rendition = rendition(context);
    Object value = rendition.weighRead(rendition.quietly(reading));
    if (value == null) {
      rendition.miss(node.getStructuralId(null));
    }
    return value;
  }

  static BoundedInterpreter rendition(ELContext context) {
    return (BoundedInterpreter) context.getELResolver().getValue(context, null, INTERPRETER);
  }

  /** An operator that counts what it looks at: a comparison of two lists compares all items. */
  private record CountedOperator(AstBinary.SimpleOperator inner) implements AstBinary.Operator {

    @Override
    public @Nullable Object eval(
        Bindings bindings, ELContext context, AstNode leftNode, AstNode rightNode) {
      Object left = leftNode.eval(bindings, context);
      Object right = rightNode.eval(bindings, context);
      BoundedInterpreter rendition = rendition(context);
      rendition.touch(left, right);
      if (inner instanceof CollectionMembershipOperator
          || inner instanceof CollectionNonMembershipOperator) {
        rendition.touchSearch(left, right);
      }
      return inner.eval(bindings, context, new KnownName(left), new KnownName(right));
    }

    @Override
    public String toString() {
      return inner.toString();
    }
  }

  /** A node that is evaluated already. */
  private static final class KnownName extends AstRightValue {
    private final @Nullable Object value;

    KnownName(@Nullable Object value) {
      this.value = value;
    }

    @Override
    public @Nullable Object eval(Bindings bindings, ELContext context) {
      return value;
    }

    @Override
    public void appendStructure(StringBuilder text, Bindings bindings) {}

    @Override
    public int getCardinality() {
      return 0;
    }

    @Override
    public @Nullable AstNode getChild(int place) {
      return null;
    }
  }

  private interface AroundEvaluation {
    @Nullable Object of(ELContext context, Supplier<@Nullable Object> value);
  }

  /** A node with something done around its evaluation. */
  private static final class Around extends AstRightValue {
    private final AstNode inner;
    private final AroundEvaluation evaluation;

    Around(AstNode inner, AroundEvaluation evaluation) {
      this.inner = inner;
      this.evaluation = evaluation;
    }

    @Override
    public @Nullable Object eval(Bindings bindings, ELContext context) {
      return evaluation.of(context, () -> inner.eval(bindings, context));
    }

    @Override
    public void appendStructure(StringBuilder text, Bindings bindings) {
      inner.appendStructure(text, bindings);
    }

    @Override
    public int getCardinality() {
      return 1;
    }

    @Override
    public AstNode getChild(int place) {
      return inner;
    }
  }
}
