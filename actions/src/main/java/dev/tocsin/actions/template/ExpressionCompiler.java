package dev.tocsin.actions.template;

import com.hubspot.jinjava.el.ext.AdditionOperator;
import com.hubspot.jinjava.el.ext.AstFilterChain;
import com.hubspot.jinjava.el.ext.CollectionMembershipOperator;
import com.hubspot.jinjava.el.ext.CollectionNonMembershipOperator;
import com.hubspot.jinjava.el.ext.ExtendedParser;
import com.hubspot.jinjava.el.ext.FilterSpec;
import com.hubspot.jinjava.el.ext.OrOperator;
import com.hubspot.jinjava.el.ext.PowerOfOperator;
import com.hubspot.jinjava.el.ext.StringConcatOperator;
import com.hubspot.jinjava.el.ext.TruncDivOperator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jinjava.de.odysseus.el.tree.impl.ast.AstBinary;
import jinjava.de.odysseus.el.tree.impl.ast.AstBoolean;
import jinjava.de.odysseus.el.tree.impl.ast.AstBracket;
import jinjava.de.odysseus.el.tree.impl.ast.AstChoice;
import jinjava.de.odysseus.el.tree.impl.ast.AstFunction;
import jinjava.de.odysseus.el.tree.impl.ast.AstIdentifier;
import jinjava.de.odysseus.el.tree.impl.ast.AstMethod;
import jinjava.de.odysseus.el.tree.impl.ast.AstNested;
import jinjava.de.odysseus.el.tree.impl.ast.AstNode;
import jinjava.de.odysseus.el.tree.impl.ast.AstNull;
import jinjava.de.odysseus.el.tree.impl.ast.AstNumber;
import jinjava.de.odysseus.el.tree.impl.ast.AstParameters;
import jinjava.de.odysseus.el.tree.impl.ast.AstString;
import jinjava.de.odysseus.el.tree.impl.ast.AstUnary;
import org.jspecify.annotations.Nullable;

/** Turns Jinjava's syntax tree of an expression into an {@link Expression}, and checks its names. */
final class ExpressionCompiler {

  /** Most characters of an expression. */
  static final int MAX_LENGTH = 4_000;

  private static final int MAX_SHOWN = 80;
  private static final int MAX_BRACKETS = 50;
  private static final int MAX_DEPTH = 1_000;

  private static final Map<AstBinary.Operator, Operator> OPERATORS = new HashMap<>();

  static {
    OPERATORS.put(AstBinary.EQ, Operator.EQUAL);
    OPERATORS.put(AstBinary.NE, Operator.NOT_EQUAL);
    OPERATORS.put(AstBinary.LT, Operator.LESS);
    OPERATORS.put(AstBinary.LE, Operator.LESS_OR_EQUAL);
    OPERATORS.put(AstBinary.GT, Operator.GREATER);
    OPERATORS.put(AstBinary.GE, Operator.GREATER_OR_EQUAL);
    OPERATORS.put(CollectionMembershipOperator.OP, Operator.IN);
    OPERATORS.put(CollectionNonMembershipOperator.NOT_IN_OP, Operator.NOT_IN);
    OPERATORS.put(StringConcatOperator.OP, Operator.JOIN);
    OPERATORS.put(AdditionOperator.OP, Operator.ADD);
    OPERATORS.put(AstBinary.SUB, Operator.SUBTRACT);
    OPERATORS.put(AstBinary.MUL, Operator.MULTIPLY);
    OPERATORS.put(AstBinary.DIV, Operator.DIVIDE);
    OPERATORS.put(TruncDivOperator.OP, Operator.DIVIDE_DOWN);
    OPERATORS.put(AstBinary.MOD, Operator.REMAINDER);
    OPERATORS.put(PowerOfOperator.OP, Operator.POWER);
  }

  private final int line;
  private int depth;

  private ExpressionCompiler(int line) {
    this.line = line;
  }

  /** The expression of a text at a line of the template. */
  static Expression compile(String text, int line) {
    String expression = text.strip();
    ExpressionCompiler compiler = new ExpressionCompiler(line);
    if (expression.isEmpty()) {
      throw new TemplateFault(line, "an expression is missing");
    }
    compiler.requireModest(expression);
    try {
      return compiler.expression(Grammar.parse(expression));
    } catch (Grammar.SyntaxProblem problem) {
      throw new TemplateFault(
          line, "cannot read the expression '" + shown(expression) + "': " + problem.getMessage());
    }
  }

  private static String shown(String expression) {
    return expression.length() > MAX_SHOWN ? expression.substring(0, MAX_SHOWN) + "…" : expression;
  }

  private void requireModest(String expression) {
    if (expression.length() > MAX_LENGTH) {
      throw fault("an expression has at most 4,000 characters, not " + expression.length());
    }
    int open = 0;
    for (int i = 0; i < expression.length(); i++) {
      char c = expression.charAt(i);
      open += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
      if (open > MAX_BRACKETS) {
        throw fault("an expression has at most 50 brackets in one another");
      }
    }
  }

  private TemplateFault fault(String message) {
    return new TemplateFault(line, message);
  }

  private Expression expression(AstNode node) {
    if (++depth > MAX_DEPTH) {
      throw fault("an expression has at most 1,000 operations in one another");
    }
    Expression expression = switchOn(node);
    depth--;
    return expression;
  }

  private Expression switchOn(AstNode node) {
    return switch (node) {
      case AstNull none -> new Expression.Literal(null);
      case AstString text -> new Expression.Literal(text.eval(null, null));
      case AstNumber number -> new Expression.Literal(number.eval(null, null));
      case AstBoolean truth -> new Expression.Literal(truth.eval(null, null));
      case AstIdentifier name -> name(name.getName());
      case AstNested nested -> expression(nested.getChild(0));
      case Grammar.Dot dot -> new Expression.Member(expression(dot.base()), dot.name());
      case Grammar.Slice slice -> slice(slice);
      case AstBracket item ->
          new Expression.Item(expression(item.getChild(0)), expression(item.getChild(1)));
      case Grammar.Tuple tuple -> new Expression.Items(all(tuple.elements()));
      case Grammar.Items list -> new Expression.Items(all(list.elements()));
      case Grammar.Dict dict -> fields(dict);
      case AstUnary unary -> unary(unary);
      case AstBinary binary -> binary(binary);
      case AstChoice choice ->
          new Expression.Choice(
              expression(choice.getChild(0)),
              expression(choice.getChild(1)),
              expression(choice.getChild(2)));
      case AstFilterChain chain -> filtered(chain);
      case AstMethod method -> method(method);
      case AstFunction function -> function(function);
      case Grammar.Named named ->
          throw fault("'" + named.name() + "=' can only stand in a call; '==' compares");
      default -> throw fault("this expression is not supported");
    };
  }

  private static Expression name(String name) {
    return switch (name) {
      case "none", "None" -> new Expression.Literal(null);
      default -> new Expression.Name(name);
    };
  }

  private Expression slice(Grammar.Slice slice) {
    return new Expression.Slice(
        expression(slice.base()), optional(slice.from()), optional(slice.to()));
  }

  private @Nullable Expression optional(@Nullable AstNode node) {
    return node == null ? null : expression(node);
  }

  private List<Expression> all(AstParameters nodes) {
    List<Expression> expressions = new ArrayList<>(nodes.getCardinality());
    for (int i = 0; i < nodes.getCardinality(); i++) {
      expressions.add(expression(nodes.getChild(i)));
    }
    return expressions;
  }

  private Expression fields(Grammar.Dict dict) {
    Map<Expression, Expression> fields = new LinkedHashMap<>();
    dict.fields().forEach((key, value) -> fields.put(expression(key), expression(value)));
    return new Expression.Fields(fields);
  }

  private Expression unary(AstUnary unary) {
    Expression operand = expression(unary.getChild(0));
    AstUnary.Operator operator = unary.getOperator();
    if (operator.equals(AstUnary.NOT) || operator.equals(AstUnary.EMPTY)) {
      return new Expression.Not(operand);
    }
    return operator.equals(AstUnary.NEG) ? new Expression.Negative(operand) : operand;
  }

  private Expression binary(AstBinary binary) {
    Expression left = expression(binary.getChild(0));
    Expression right = expression(binary.getChild(1));
    AstBinary.Operator operator = binary.getOperator();
    if (operator.equals(AstBinary.AND) || operator.equals(OrOperator.OP)) {
      return new Expression.Either(left, right, operator.equals(AstBinary.AND));
    }
    Operator known = OPERATORS.get(operator);
    if (known == null) {
      throw fault("the operator '" + operator + "' is not supported");
    }
    return new Expression.Binary(known, left, right);
  }

  private Expression filtered(AstFilterChain chain) {
    Expression expression = expression(chain.getInput());
    for (FilterSpec spec : chain.getFilterSpecs()) {
      Filter filter = Filters.ALL.get(spec.getName());
      if (filter == null) {
        throw fault(
            "there is no filter '" + spec.getName() + "'"
                + Suggestion.of(spec.getName(), Filters.ALL.keySet()));
      }
      expression = new Expression.Filtered(expression, filter, call(spec.getParams()));
    }
    return expression;
  }

  private Expression.Call call(@Nullable AstParameters parameters) {
    if (parameters == null) {
      return Expression.Call.NONE;
    }
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    for (int i = 0; i < parameters.getCardinality(); i++) {
      if (parameters.getChild(i) instanceof Grammar.Named argument) {
        named.put(argument.name(), expression(argument.value()));
      } else {
        positional.add(expression(parameters.getChild(i)));
      }
    }
    return new Expression.Call(positional, named);
  }

  private Expression method(AstMethod method) {
    AstParameters parameters = (AstParameters) method.getChild(1);
    if (!(method.getChild(0) instanceof Grammar.Dot dot)) {
      throw fault("a method is called by its name");
    }
    if (dot.base() instanceof AstIdentifier owner
        && owner.getName().startsWith(ExtendedParser.EXPTEST_PREFIX)) {
      return tested(owner.getName(), dot.name().equals("evaluateNegated"), parameters);
    }
    Method known = Members.METHODS.get(dot.name());
    if (known == null) {
      throw fault(
          "there is no method '" + dot.name() + "'"
              + Suggestion.of(dot.name(), Members.METHODS.keySet()));
    }
    return new Expression.Invoked(expression(dot.base()), dot.name(), known, call(parameters));
  }

  /** Jinjava writes {@code a is b(c)} as {@code exptest:b.evaluate(a, interpreter, c)}. */
  private Expression tested(String prefixed, boolean negated, AstParameters parameters) {
    String name = prefixed.substring(ExtendedParser.EXPTEST_PREFIX.length());
    Test test = Tests.ALL.get(name);
    if (test == null || parameters.getCardinality() < 2) {
      throw fault(
          "there is no test '" + name + "'" + Suggestion.of(name, Tests.ALL.keySet()));
    }
    Expression argument =
        parameters.getCardinality() > 2 ? expression(parameters.getChild(2)) : null;
    return new Expression.Tested(expression(parameters.getChild(0)), test, argument, negated);
  }

  private Expression function(AstFunction function) {
    if (!function.getName().equals("range")) {
      throw fault("there is no function '" + function.getName() + "'; known is range");
    }
    return new Expression.Range(call((AstParameters) function.getChild(0)));
  }
}
