package dev.tocsin.actions.template;

import com.hubspot.jinjava.el.ext.AstNamedParameter;
import com.hubspot.jinjava.el.ext.ExtendedParser;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.MissingEndTagException;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.interpret.UnknownTagException;
import com.hubspot.jinjava.tree.ExpressionNode;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;
import com.hubspot.jinjava.tree.parse.ExpressionToken;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jinjava.de.odysseus.el.tree.TreeBuilderException;
import jinjava.de.odysseus.el.tree.impl.ast.AstChoice;
import jinjava.de.odysseus.el.tree.impl.ast.AstNull;

/** A template that Jinjava parsed and that passed the checks; renders from any thread. */
public final class CompiledTemplate {

  private static final int MAX_SOURCE = 65_536;
  private static final int MAX_EXPRESSION = 4_000;
  private static final int MAX_BRACKETS = 50;
  private static final int MAX_LOOPS = 10;
  private static final int MAX_NESTED_LOOPS = 2;
  private static final int MAX_TAGS = 50;

  private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";
  private static final Pattern WRONG_END =
      Pattern.compile("Syntax error in '(.*)': Mismatched end tag, expected: (.*)", Pattern.DOTALL);
  private static final Pattern FOR =
      Pattern.compile(NAME + "(?:\\s*,\\s*" + NAME + ")*\\s+in\\s+(.+)", Pattern.DOTALL);
  private static final Pattern SET =
      Pattern.compile(NAME + "\\s*(?:=(?!=)\\s*(.*))?", Pattern.DOTALL);

  private static final JinjavaInterpreter OF_LITERALS = BoundedJinjava.shared().newInterpreter();

  private final Node root;
  private int loops;

  private CompiledTemplate(Node root) {
    this.root = root;
    checkAll(root.getChildren(), 1, 0);
  }

  /** What a rendering gave: its text, and each path that had no value. */
  public record RenderedText(String text, List<String> undefined) {}

  /**
   * Parses and checks.
   *
   * @throws TemplateFault at the first problem
   */
  public static CompiledTemplate of(String source) {
    if (source.length() > MAX_SOURCE) {
      throw new TemplateFault(
          1, "a template must have at most 65,536 characters, not %,d".formatted(source.length()));
    }
    if (source.indexOf('{') < 0) {
      return literal(source);
    }
    return new BoundedInterpreter(Map.of()).guarded(() -> new CompiledTemplate(parsed(source)));
  }

  /**
   * Renders.
   *
   * @throws TemplateFault if it cannot, or exceeds a bound
   */
  public RenderedText render(Map<String, ?> variables) {
    BoundedInterpreter rendition = new BoundedInterpreter(variables);
    return new RenderedText(rendition.text(root), rendition.undefined());
  }

  /** An interpreter takes far longer to make than a text without expressions to parse. */
  private static CompiledTemplate literal(String text) {
    synchronized (OF_LITERALS) {
      return new CompiledTemplate(OF_LITERALS.parse(withoutLastNewline(text)));
    }
  }

  private static Node parsed(String source) {
    JinjavaInterpreter interpreter = BoundedJinjava.shared().newInterpreter();
    Node root = interpreter.parse(withoutLastNewline(source));
    if (!interpreter.getErrors().isEmpty()) {
      throw fault(interpreter.getErrors().getFirst());
    }
    return root;
  }

  /** As Jinja does. */
  private static String withoutLastNewline(String source) {
    return source.endsWith("\n") ? source.substring(0, source.length() - 1) : source;
  }

  private static TemplateFault fault(TemplateError error) {
    String message = String.valueOf(error.getMessage());
    return new TemplateFault(
        Math.max(1, error.getLineno()),
        switch (error.getException()) {
          case UnknownTagException unknown -> noTag(String.valueOf(unknown.getTag()));
          case MissingEndTagException missing ->
              "'" + missing.getStartDefinition() + "' is not closed by " + missing.getEndTag();
          case null, default ->
              switch (message) {
                case "Unclosed token" -> "unclosed '{{' or '{%'";
                case "Unclosed comment" -> "unclosed '{#'";
                case "Missing start tag" -> "'" + error.getFieldName() + "' without a start tag";
                default -> mismatched(message);
              };
        });
  }

  private static String mismatched(String message) {
    Matcher end = WRONG_END.matcher(message);
    return end.matches()
        ? "expected '{% " + end.group(2) + " %}', not '" + end.group(1) + "'"
        : "mismatched tags: " + message;
  }

  private static String noTag(String name) {
    return "unknown tag '" + name + "'; known are if, for, set and raw";
  }

  private void checkAll(List<Node> nodes, int depth, int loopDepth) {
    for (Node node : nodes) {
      if (node instanceof ExpressionNode output) {
        String expression = ((ExpressionToken) output.getMaster()).getExpr();
        checkExpression(expression, output.getLineNumber());
      } else if (node instanceof TagNode tag) {
        checkTag(tag, depth, loopDepth);
      }
    }
  }

  private void checkTag(TagNode tag, int depth, int loopDepth) {
    require(depth <= MAX_TAGS, tag, "tags must be nested at most 50 levels deep");
    switch (tag.getName()) {
      case "raw" -> {}
      case "if" -> checkIf(tag, depth, loopDepth);
      case "for" -> checkFor(tag, depth, loopDepth);
      case "set" -> checkSet(tag, depth, loopDepth);
      case "elif", "else" -> require(false, tag, "'" + tag.getName() + "' outside of an if");
      default -> require(false, tag, noTag(tag.getName()));
    }
  }

  private void checkIf(TagNode tag, int depth, int loopDepth) {
    checkExpression(tag.getHelpers(), tag.getLineNumber());
    boolean open = true;
    for (Node node : tag.getChildren()) {
      boolean divides = node.getName().equals("elif") || node.getName().equals("else");
      if (!(node instanceof TagNode divider) || !divides) {
        checkAll(List.of(node), depth + 1, loopDepth);
        continue;
      }
      require(open, divider, "'" + node.getName() + "' after the else of its if");
      open = node.getName().equals("elif");
      if (open) {
        checkExpression(divider.getHelpers(), divider.getLineNumber());
      }
    }
  }

  private void checkFor(TagNode tag, int depth, int loopDepth) {
    require(++loops <= MAX_LOOPS, tag, "a template must have at most 10 for loops");
    require(loopDepth < MAX_NESTED_LOOPS, tag, "for loops must be nested at most 2 levels deep");
    Matcher loop = FOR.matcher(tag.getHelpers().strip());
    require(loop.matches(), tag, "invalid for; write {% for name in items %}");
    boolean filtered =
        checkExpression(loop.group(1), tag.getLineNumber()) instanceof AstChoice choice
            && choice.getChild(2) instanceof AstNull;
    require(!filtered, tag, "a for cannot have an if; write {% if %} inside it");
    checkAll(tag.getChildren(), depth + 1, loopDepth + 1);
  }

  private void checkSet(TagNode tag, int depth, int loopDepth) {
    Matcher set = SET.matcher(tag.getHelpers().strip());
    require(set.matches(), tag, "invalid set; write {% set name = expression %}");
    if (set.group(1) != null) {
      checkExpression(set.group(1), tag.getLineNumber());
    }
    checkAll(tag.getChildren(), depth + 1, loopDepth);
  }

  private static Object checkExpression(String text, int line) {
    String expression = text.strip();
    if (expression.isEmpty()) {
      throw new TemplateFault(line, "missing expression");
    }
    if (expression.length() > MAX_EXPRESSION) {
      throw new TemplateFault(
          line,
          "an expression must have at most 4,000 characters, not %,d"
              .formatted(expression.length()));
    }
    if (deepest(expression) > MAX_BRACKETS) {
      throw new TemplateFault(line, "brackets must be nested at most 50 levels deep");
    }
    if (expression.contains(ExtendedParser.INTERPRETER)) {
      throw unreadable(expression, line, "it contains a reserved name");
    }
    try {
      Object tree = BoundedJinjava.shared().tree(expression).getRoot().getChild(0);
      if (tree instanceof AstNamedParameter) {
        throw unreadable(expression, line, "unexpected '='; use '==' to compare");
      }
      return tree;
    } catch (CheckedParser.SyntaxProblem problem) {
      throw unreadable(expression, line, String.valueOf(problem.getMessage()));
    } catch (TreeBuilderException e) {
      throw unreadable(expression, line, "unexpected '" + e.getEncountered() + "'");
    }
  }

  private static int deepest(String expression) {
    int open = 0;
    int deepest = 0;
    for (int i = 0; i < expression.length(); i++) {
      open += "([{".indexOf(expression.charAt(i)) >= 0 ? 1 : 0;
      open -= ")]}".indexOf(expression.charAt(i)) >= 0 ? 1 : 0;
      deepest = Math.max(deepest, open);
    }
    return deepest;
  }

  private static TemplateFault unreadable(String expression, int line, String problem) {
    return new TemplateFault(line, "invalid expression '" + expression + "': " + problem);
  }

  private static void require(boolean holds, TagNode tag, String message) {
    if (!holds) {
      throw new TemplateFault(tag.getLineNumber(), message);
    }
  }
}
