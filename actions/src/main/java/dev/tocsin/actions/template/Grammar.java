package dev.tocsin.actions.template;

import com.hubspot.jinjava.el.ExtendedSyntaxBuilder;
import com.hubspot.jinjava.el.ext.AstDict;
import com.hubspot.jinjava.el.ext.AstList;
import com.hubspot.jinjava.el.ext.AstRangeBracket;
import com.hubspot.jinjava.el.ext.AstTuple;
import com.hubspot.jinjava.el.ext.ExtendedParser;
import com.hubspot.jinjava.el.ext.NamedParameterOperator;
import jinjava.de.odysseus.el.tree.Bindings;
import jinjava.de.odysseus.el.tree.impl.Builder.Feature;
import jinjava.de.odysseus.el.tree.impl.Parser;
import jinjava.de.odysseus.el.tree.impl.Scanner;
import jinjava.de.odysseus.el.tree.impl.ast.AstDot;
import jinjava.de.odysseus.el.tree.impl.ast.AstEval;
import jinjava.de.odysseus.el.tree.impl.ast.AstIdentifier;
import jinjava.de.odysseus.el.tree.impl.ast.AstLiteral;
import jinjava.de.odysseus.el.tree.impl.ast.AstNode;
import jinjava.de.odysseus.el.tree.impl.ast.AstParameters;
import jinjava.de.odysseus.el.tree.impl.ast.AstUnary;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Jinjava's grammar of expressions, with nodes that say what they hold, {@code not} binding as loosely
 * as in Jinja, and errors in our words.
 */
final class Grammar extends ExtendedParser {

  private static final String BEGIN = "#{";
  private static final String END = "}";

  private Grammar(String expression) {
    super(
        new ExtendedSyntaxBuilder(Feature.METHOD_INVOCATIONS, Feature.NULL_PROPERTIES),
        BEGIN + expression + END);
    putExtensionHandler(
        NamedParameterOperator.TOKEN,
        new ExtensionHandler(ExtensionPoint.ADD) {
          @Override
          public AstNode createAstNode(AstNode... children) {
            if (children[0] instanceof AstIdentifier name) {
              return new Named(name.getName(), children[1]);
            }
            throw new SyntaxProblem("a name must stand before '='; '==' compares");
          }
        });
  }

  /** The syntax tree of an expression. */
  static AstNode parse(String expression) {
    try {
      if (new Grammar(expression).tree().getRoot() instanceof AstEval root) {
        return root.getChild(0);
      }
      throw new SyntaxProblem("this is not one expression");
    } catch (Scanner.ScanException e) {
      throw new SyntaxProblem(unreadable(e));
    } catch (Parser.ParseException | ELException e) {
      throw new SyntaxProblem("this is not an expression");
    }
  }

  private static String unreadable(Scanner.ScanException problem) {
    String message = String.valueOf(problem.getMessage());
    if (message.contains("unterminated string")) {
      return "a text is not closed";
    }
    return message.contains("escape")
        ? "a text holds an unknown escape; known are \\\\ \\' \\\" \\n \\t \\r \\b \\f"
        : "it holds a character that no expression has";
  }

  @Override
  protected void fail(String expected) {
    String found = getToken().getSymbol() == Scanner.Symbol.END_EVAL ? "" : getToken().getImage();
    boolean wantsName = expected.contains("IDENTIFIER") || expected.contains("Identifier");
    if (found.isEmpty()) {
      throw new SyntaxProblem("something is missing at its end");
    }
    throw new SyntaxProblem(
        "'" + found + "' cannot stand there"
            + (wantsName && Character.isLetter(found.charAt(0))
                ? "; a name that is also a word of the language is written ['" + found + "']"
                : ""));
  }

  @Override
  protected void fail(Scanner.Symbol expected) {
    fail(expected == Scanner.Symbol.IDENTIFIER ? "IDENTIFIER" : expected.toString());
  }

  @Override
  protected AstNode eq(boolean required) throws Scanner.ScanException, Parser.ParseException {
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
  protected AstDot createAstDot(AstNode base, String property, boolean lvalue) {
    return new Dot(base, property, lvalue);
  }

  @Override
  protected AstList createAstList(AstParameters elements) {
    return new Items(elements);
  }

  @Override
  protected AstTuple createAstTuple(AstParameters elements) {
    return new Tuple(elements);
  }

  @Override
  protected AstDict createAstDict(Map<AstNode, AstNode> fields) {
    return new Dict(fields);
  }

  @Override
  protected AstRangeBracket createAstRangeBracket(
      AstNode base, AstNode from, AstNode to, boolean lvalue, boolean strict) {
    return new Slice(base, from, to, lvalue, strict);
  }

  /** Says, without a place, what is wrong with an expression. */
  static final class SyntaxProblem extends RuntimeException {
    SyntaxProblem(String message) {
      super(message);
    }
  }

  /** {@code base.name}. */
  static final class Dot extends AstDot {
    Dot(AstNode base, String property, boolean lvalue) {
      super(base, property, lvalue);
    }

    String name() {
      return property;
    }

    AstNode base() {
      return prefix;
    }
  }

  /** {@code base[from:to]}. */
  static final class Slice extends AstRangeBracket {
    Slice(AstNode base, AstNode from, AstNode to, boolean lvalue, boolean strict) {
      super(base, from, to, lvalue, strict, true);
    }

    AstNode base() {
      return prefix;
    }

    @Nullable AstNode from() {
      return property;
    }

    @Nullable AstNode to() {
      return rangeMax;
    }
  }

  /** {@code [a, b]}. */
  static final class Items extends AstList {
    Items(AstParameters elements) {
      super(elements);
    }

    AstParameters elements() {
      return elements;
    }
  }

  /** {@code (a, b)}. */
  static final class Tuple extends AstTuple {
    Tuple(AstParameters elements) {
      super(elements);
    }

    AstParameters elements() {
      return elements;
    }
  }

  /** {@code {a: b}}. */
  static final class Dict extends AstDict {
    Dict(Map<AstNode, AstNode> fields) {
      super(fields);
    }

    Map<AstNode, AstNode> fields() {
      return new LinkedHashMap<>(dict);
    }
  }

  /** {@code name=value} in a call. */
  static final class Named extends AstLiteral {
    private final String name;
    private final AstNode value;

    Named(String name, AstNode value) {
      this.name = name;
      this.value = value;
    }

    String name() {
      return name;
    }

    AstNode value() {
      return value;
    }

    @Override
    public Object eval(Bindings bindings, ELContext context) {
      throw new UnsupportedOperationException("syntax is not evaluated");
    }

    @Override
    public void appendStructure(StringBuilder builder, Bindings bindings) {
      builder.append(name);
    }
  }
}
