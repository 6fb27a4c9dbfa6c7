package dev.tocsin.config;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.tocsin.config.document.Quoted;
import dev.tocsin.triggers.Condition;
import dev.tocsin.triggers.Event;
import dev.tocsin.wire.Suggestion;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A {@code where} in the Common Expression Language, checked when it is read. Its one variable is
 * {@code event}, an object with the fields of the event's JSON: {@code event.event}, {@code
 * event.resource['label']}, {@code event.related}, {@code event.payload.amount}, {@code event.id},
 * {@code event.follows} (null if there is none). {@code event.occurred} and {@code event.received}
 * are text in RFC 3339: {@code timestamp(event.occurred).getHours('Europe/Berlin') < 6}.
 *
 * <p>Bounded in time and memory: the expression has at most {@value #MAX_LENGTH} characters and
 * {@value #MAX_DEPTH} levels, its loops have at most {@value #MAX_ITERATIONS} iterations together,
 * an evaluation has at most {@value CelCost#MAX_STEPS} steps, regular expressions (RE2) cannot
 * backtrack and are short, and no text, byte string or list grows beyond a bound.
 */
final class CelCondition implements Condition {

  static final int MAX_LENGTH = 4_096;
  static final int MAX_DEPTH = 64;
  static final int MAX_ITERATIONS = 10_000;
  private static final Pattern PLACE = Pattern.compile("^evaluation error at <input>:(\\d{1,5}): ");
  private static final Pattern UNEXPECTED =
      Pattern.compile(
          "(?:token recognition error at: |extraneous input |mismatched input "
              + "|no viable alternative at input )'(.*?)'(?: expecting |$)",
          Pattern.DOTALL);

  /** What other languages write in place of CEL's operators. */
  private static final Map<String, String> OPERATORS =
      Map.of(
          "=",
          "; use == to compare",
          "and",
          "; use &&",
          "or",
          "; use ||",
          "&",
          "; use &&",
          "|",
          "; use ||");

  private static final Pattern UNDECLARED =
      Pattern.compile("undeclared reference to '([^']*)'.*", Pattern.DOTALL);
  private static final Pattern OVERLOAD =
      Pattern.compile(
          "found no matching overload for '([^']*)' applied to '(.*?)'.*", Pattern.DOTALL);

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .maxExpressionCodePointSize(MAX_LENGTH)
          .maxParseRecursionDepth(MAX_DEPTH)
          .comprehensionMaxIterations(MAX_ITERATIONS)
          .enableHeterogeneousNumericComparisons(true)
          .build();
  private static final CelCompiler COMPILER =
      CelCompilerFactory.standardCelCompilerBuilder()
          .setOptions(OPTIONS)
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .addVar("event", MapType.create(SimpleType.STRING, SimpleType.DYN))
          .build();

  /** What an expression may call by name, for suggestions. */
  private static final List<String> NAMES =
      List.of(
          "event",
          "has",
          "all",
          "exists",
          "exists_one",
          "filter",
          "map",
          "size",
          "contains",
          "startsWith",
          "endsWith",
          "matches",
          "timestamp",
          "duration",
          "int",
          "uint",
          "double",
          "string",
          "bool",
          "type",
          "getFullYear",
          "getMonth",
          "getDate",
          "getDayOfWeek",
          "getHours",
          "getMinutes",
          "getSeconds");

  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.legacyCelRuntimeBuilder()
          .setOptions(OPTIONS)
          .setStandardEnvironmentEnabled(false)
          .setStandardFunctions(CelFunctions.STANDARD)
          .addFunctionBindings(CelFunctions.BOUNDED)
          .build();

  private final String text;
  private final CelRuntime.Program program;
  private final CelCost cost;

  private CelCondition(String text, CelAbstractSyntaxTree tree) throws CelEvaluationException {
    this.text = text;
    this.program = RUNTIME.createProgram(tree);
    this.cost = new CelCost(tree);
  }

  /**
   * What reading an expression gave.
   *
   * @param condition null if there are faults
   * @param faults what is wrong with it, each with its place in the expression
   */
  record Compilation(@Nullable CelCondition condition, List<String> faults) {}

  /** Reads and checks an expression. */
  static Compilation compile(String text) {
    if (text.isBlank()) {
      return new Compilation(null, List.of("must be a CEL expression, not empty"));
    }
    CelValidationResult result = COMPILER.compile(text);
    if (result.hasError()) {
      return new Compilation(
          null, result.getErrors().stream().map(CelCondition::describe).distinct().toList());
    }
    try {
      CelAbstractSyntaxTree tree = result.getAst();
      CelKind kind = tree.getResultType().kind();
      if (kind != CelKind.BOOL && kind != CelKind.DYN) {
        String name = tree.getResultType().name();
        return new Compilation(null, List.of("must return true or false, not " + name));
      }
      List<String> faults = regexFaults(tree);
      if (!faults.isEmpty()) {
        return new Compilation(null, faults);
      }
      return new Compilation(new CelCondition(text, tree), List.of());
    } catch (CelValidationException | CelEvaluationException e) {
      return new Compilation(null, List.of("invalid CEL expression: " + e.getMessage()));
    }
  }

  @Override
  public String text() {
    return text;
  }

  @Override
  public Truth test(Event event) {
    CelCost.StepCount count = cost.new StepCount();
    Truth truth = evaluate(event, count);
    String fault = count.fault();
    return fault == null ? truth : new Truth.Unevaluable(fault);
  }

  private Truth evaluate(Event event, CelCost.StepCount count) {
    try {
      Object value = program.trace(Map.of("event", new EventFields(event)), count);
      if (value instanceof Boolean holds) {
        return holds ? new Truth.Holds() : new Truth.Fails();
      }
      return new Truth.Unevaluable(
          "returned " + EventFields.typeName(value) + ", not true or false");
    } catch (CelEvaluationException e) {
      return new Truth.Unevaluable(reason(e));
    } catch (RuntimeException | StackOverflowError e) {
      return new Truth.Unevaluable("cannot be evaluated: " + e);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CelCondition that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }

  private static String reason(CelEvaluationException e) {
    return PLACE
        .matcher(Objects.requireNonNullElse(e.getMessage(), e.toString()))
        .replaceFirst(place -> "at character " + (Integer.parseInt(place.group(1)) + 1) + ": ");
  }

  /** CEL's complaint in our words, with its place in the expression. */
  private static String describe(CelIssue issue) {
    CelSourceLocation at = issue.getSourceLocation();
    boolean isPlaced = at.getLine() > 0;
    String place = "at " + at.getLine() + ":" + (at.getColumn() + 1) + " of the expression: ";
    return (isPlaced ? place : "") + inOurWords(issue.getMessage());
  }

  private static String inOurWords(String message) {
    Matcher undeclared = UNDECLARED.matcher(message);
    if (undeclared.matches()) {
      String name = undeclared.group(1);
      return "unknown variable or function " + Quoted.of(name) + Suggestion.of(name, NAMES);
    }
    Matcher overload = OVERLOAD.matcher(message);
    if (overload.matches()) {
      String operator = overload.group(1).replaceAll("^_|_$|@", "");
      return Quoted.of(operator) + " cannot be applied to " + overload.group(2);
    }
    if (message.contains("code point size exceeds")) {
      return "must have at most %,d characters".formatted(MAX_LENGTH);
    }
    if (message.contains("recursion limit exceeded")) {
      return "must be nested at most " + MAX_DEPTH + " levels deep";
    }
    if (message.contains("'<EOF>'")) {
      return "unexpected end";
    }
    Matcher unexpected = UNEXPECTED.matcher(message);
    if (unexpected.lookingAt()) {
      String found = unexpected.group(1).strip().replaceAll("^'|'$", "");
      return "unexpected " + Quoted.of(found) + OPERATORS.getOrDefault(found, "");
    }
    int list = message.indexOf(" expecting ");
    return "invalid CEL: " + (list < 0 ? message : message.substring(0, list));
  }

  /** What is wrong with the regular expressions that are written out. */
  private static List<String> regexFaults(CelAbstractSyntaxTree tree) {
    return CelNavigableAst.fromAst(tree)
        .getRoot()
        .allNodes()
        .map(CelNavigableExpr::expr)
        .filter(expr -> expr.exprKind().getKind() == CelExpr.ExprKind.Kind.CALL)
        .map(CelExpr::call)
        .filter(call -> call.function().equals("matches") && !call.args().isEmpty())
        .map(call -> call.args().getLast())
        .filter(regex -> regex.exprKind().getKind() == CelExpr.ExprKind.Kind.CONSTANT)
        .map(CelExpr::constant)
        .filter(constant -> constant.getKind() == CelConstant.Kind.STRING_VALUE)
        .map(constant -> CelFunctions.faultOfRegex(constant.stringValue()))
        .filter(fault -> !fault.isEmpty())
        .distinct()
        .toList();
  }
}
