package dev.tocsin.actions.template;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.MissingEndTagException;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.interpret.UnknownTagException;
import com.hubspot.jinjava.tree.ExpressionNode;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;
import com.hubspot.jinjava.tree.TextNode;
import com.hubspot.jinjava.tree.parse.ExpressionToken;
import com.hubspot.jinjava.tree.parse.TextToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A template, checked and ready to be rendered, from any thread.
 *
 * <p>Bounds: {@value #MAX_LENGTH} characters of source; at most {@value #MAX_LOOPS} {@code for} loops,
 * {@value #MAX_NESTED_LOOPS} in one another (Prefect's own bounds); {@value #MAX_DEPTH} tags in one
 * another. Those of a rendering are in {@link Rendition} and {@link BoundedText}.
 */
public final class Program {

  private static final int MAX_LENGTH = 65_536;
  private static final int MAX_LOOPS = 10;
  private static final int MAX_NESTED_LOOPS = 2;
  private static final int MAX_DEPTH = 50;

  private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";
  private static final Pattern FOR =
      Pattern.compile(
          "\\(?\\s*(" + NAME + "(?:\\s*,\\s*" + NAME + ")*)\\s*\\)?\\s+in\\s+(.+)", Pattern.DOTALL);
  private static final Pattern SET =
      Pattern.compile("(" + NAME + ")\\s*(?:=(?!=)\\s*(.*))?", Pattern.DOTALL);

  private static final Jinjava JINJAVA =
      new Jinjava(
          JinjavaConfig.newBuilder()
              .withNestedInterpretationEnabled(false)
              .withLegacyOverrides(
                  LegacyOverrides.newBuilder()
                      .withUseNaturalOperatorPrecedence(true)
                      .withUseTrimmingForNotesAndExpressions(true)
                      .withParseWhitespaceControlStrictly(true)
                      .withHandleBackslashInQuotesOnly(true)
                      .build())
              .build());

  private final List<Part> parts;
  private int loops;

  private Program(String source) {
    this.parts = compile(source);
  }

  /**
   * Checks a template.
   *
   * @throws TemplateFault at its first problem
   */
  public static Program of(String source) {
    return new Program(source);
  }

  /**
   * Renders.
   *
   * @throws TemplateFault where it cannot, or goes beyond a bound
   */
  public Result render(Map<String, ?> variables) {
    Rendition rendition = new Rendition(variables);
    BoundedText out = new BoundedText(rendition);
    Part.render(parts, rendition, out);
    return new Result(out.toString(), rendition.undefined());
  }

  /**
   * What a rendering gave.
   *
   * @param text the result
   * @param undefined paths that were used and had no value, each once, in order; at most 100
   */
  public record Result(String text, List<String> undefined) {}

  /** Jinjava's parsers read their settings from the current interpreter of the thread. */
  private List<Part> compile(String source) {
    if (source.length() > MAX_LENGTH) {
      throw new TemplateFault(
          1, "a template has at most 65,536 characters, not " + source.length());
    }
    JinjavaInterpreter interpreter = JINJAVA.newInterpreter();
    try (var current = JinjavaInterpreter.closeablePushCurrent(interpreter).get()) {
      Node root = current.value().parse(withoutLastNewline(source));
      if (!interpreter.getErrors().isEmpty()) {
        throw fault(interpreter.getErrors().getFirst());
      }
      return parts(root.getChildren(), 0, 0);
    }
  }

  /** As Jinja does by default. */
  private static String withoutLastNewline(String source) {
    return source.endsWith("\n") ? source.substring(0, source.length() - 1) : source;
  }

  private static TemplateFault fault(TemplateError error) {
    int line = Math.max(1, error.getLineno());
    String message = String.valueOf(error.getMessage());
    return new TemplateFault(
        line,
        switch (error.getException()) {
          case UnknownTagException unknown -> "there is no tag '" + unknown.getTag() + "'";
          case MissingEndTagException missing ->
              "'" + missing.getStartDefinition() + "' is not closed by " + missing.getEndTag();
          case null -> withoutException(message, error.getFieldName());
          default -> "the tags do not fit together: " + message;
        });
  }

  private static String withoutException(String message, @Nullable String field) {
    return switch (message) {
      case "Unclosed token" -> "a '{{' or '{%' is not closed";
      case "Unclosed comment" -> "a '{#' is not closed";
      case "Missing start tag" -> "'" + field + "' closes a tag that was not opened";
      default -> message;
    };
  }

  private List<Part> parts(List<Node> nodes, int depth, int loopDepth) {
    List<Part> parts = new ArrayList<>(nodes.size());
    for (Node node : nodes) {
      parts.add(
          switch (node) {
            case TextNode text -> new Part.Text(((TextToken) text.getMaster()).output());
            case ExpressionNode output -> output(output);
            case TagNode tag -> tag(tag, depth + 1, loopDepth);
            default ->
                throw new TemplateFault(node.getLineNumber(), "this syntax is not supported");
          });
    }
    return parts;
  }

  private static Part output(ExpressionNode node) {
    int line = node.getLineNumber();
    String text = ((ExpressionToken) node.getMaster()).getExpr();
    return new Part.Output(line, ExpressionCompiler.compile(text, line));
  }

  private Part tag(TagNode tag, int depth, int loopDepth) {
    int line = tag.getLineNumber();
    if (depth > MAX_DEPTH) {
      throw new TemplateFault(line, "tags stand in one another at most 50 deep");
    }
    return switch (tag.getName()) {
      case "if" -> branches(tag, depth, loopDepth);
      case "for" -> loop(tag, depth, loopDepth);
      case "set" -> assignment(tag, depth, loopDepth);
      case "raw" -> raw(tag);
      case "elif", "else" ->
          throw new TemplateFault(line, "'" + tag.getName() + "' stands outside of an if or a for");
      default ->
          throw new TemplateFault(
              line,
              "the tag '" + tag.getName() + "' is not supported; known are if, for, set and raw");
    };
  }

  private static Part raw(TagNode tag) {
    StringBuilder text = new StringBuilder();
    tag.getChildren().forEach(child -> text.append(child.getMaster().getImage()));
    return new Part.Text(text.toString());
  }

  private Part assignment(TagNode tag, int depth, int loopDepth) {
    int line = tag.getLineNumber();
    Matcher set = SET.matcher(helpers(tag));
    if (!set.matches()) {
      throw new TemplateFault(line, "a set is written {% set name = expression %}");
    }
    String expression = set.group(2);
    return expression == null
        ? new Part.Capture(set.group(1), parts(tag.getChildren(), depth, loopDepth))
        : new Part.Assignment(line, set.group(1), ExpressionCompiler.compile(expression, line));
  }

  /** What a tag holds beside its name. */
  private static String helpers(TagNode tag) {
    String helpers = tag.getHelpers().strip();
    if (helpers.length() > ExpressionCompiler.MAX_LENGTH) {
      throw new TemplateFault(
          tag.getLineNumber(), "a tag has at most 4,000 characters, not " + helpers.length());
    }
    return helpers;
  }

  private Part branches(TagNode tag, int depth, int loopDepth) {
    List<Part.Branch> branches = new ArrayList<>();
    List<Part> otherwise = List.of();
    @Nullable TagNode opened = tag;
    List<Node> body = new ArrayList<>();
    for (Node node : tag.getChildren()) {
      boolean divides = node instanceof TagNode inner && isDivider(inner);
      if (divides && opened != null) {
        branches.add(branch(opened, body, depth, loopDepth));
        opened = node.getName().equals("elif") ? (TagNode) node : null;
        body = new ArrayList<>();
      } else if (divides) {
        throw new TemplateFault(
            node.getLineNumber(), "'" + node.getName() + "' stands after the else of its if");
      } else {
        body.add(node);
      }
    }
    if (opened != null) {
      branches.add(branch(opened, body, depth, loopDepth));
    } else {
      otherwise = parts(body, depth, loopDepth);
    }
    return new Part.Branches(branches, otherwise);
  }

  private Part.Branch branch(TagNode tag, List<Node> body, int depth, int loopDepth) {
    int line = tag.getLineNumber();
    return new Part.Branch(
        line,
        ExpressionCompiler.compile(tag.getHelpers(), line),
        parts(body, depth, loopDepth));
  }

  private static boolean isDivider(TagNode tag) {
    return tag.getName().equals("elif") || tag.getName().equals("else");
  }

  private Part loop(TagNode tag, int depth, int loopDepth) {
    int line = tag.getLineNumber();
    if (++loops > MAX_LOOPS) {
      throw new TemplateFault(line, "a template has at most 10 for loops");
    }
    if (loopDepth == MAX_NESTED_LOOPS) {
      throw new TemplateFault(line, "for loops stand in one another at most 2 deep");
    }
    Matcher clause = FOR.matcher(helpers(tag));
    if (!clause.matches()) {
      throw new TemplateFault(line, "a for is written {% for name in items %}");
    }
    List<String> names = List.of(clause.group(1).split("\\s*,\\s*"));
    List<Node> body = new ArrayList<>();
    @Nullable List<Node> otherwise = null;
    for (Node node : tag.getChildren()) {
      if (node instanceof TagNode inner && isDivider(inner)) {
        if (otherwise != null || inner.getName().equals("elif")) {
          throw new TemplateFault(node.getLineNumber(), "a for has at most one else, and no elif");
        }
        otherwise = new ArrayList<>();
      } else {
        (otherwise == null ? body : otherwise).add(node);
      }
    }
    return loop(
        line,
        names,
        ExpressionCompiler.compile(clause.group(2), line),
        parts(body, depth, loopDepth + 1),
        otherwise == null ? List.of() : parts(otherwise, depth, loopDepth));
  }

  /** In {@code for x in items if condition}, what looks like a choice chooses the items. */
  private static Part loop(
      int line, List<String> names, Expression items, List<Part> body, List<Part> otherwise) {
    return items instanceof Expression.Choice choice
            && choice.no() instanceof Expression.Literal(Object none)
            && none == null
        ? new Part.Loop(line, names, choice.yes(), choice.condition(), body, otherwise)
        : new Part.Loop(line, names, items, null, body, otherwise);
  }
}
