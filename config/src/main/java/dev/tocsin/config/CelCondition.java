package dev.tocsin.config;

import com.google.re2j.PatternSyntaxException;
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
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import dev.tocsin.config.document.Quoted;
import dev.tocsin.triggers.Condition;
import dev.tocsin.triggers.Event;
import dev.tocsin.wire.Suggestion;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
 * {@value #MAX_DEPTH} levels, its loops turn {@value #MAX_ITERATIONS} times together, regular
 * expressions (RE2) cannot backtrack and are short, and no text grows beyond {@value #MAX_TEXT}
 * characters.
 */
final class CelCondition implements Condition {

  static final int MAX_LENGTH = 4_096;
  static final int MAX_DEPTH = 64;
  static final int MAX_ITERATIONS = 10_000;
  static final int MAX_TEXT = 2_000_000;
  private static final int MAX_REGEX_LENGTH = 500;
  private static final int MAX_REGEX_REPEATS = 1_000;
  private static final int MAX_REGEX_TEXT = 100_000;
  private static final String REGEX_BOUND =
      "a regular expression must have at most %,d characters, and the product of its {n} must be at most %,d"
          .formatted(MAX_REGEX_LENGTH, MAX_REGEX_REPEATS);
  private static final Pattern REPEAT = Pattern.compile("\\{(\\d{1,9})(?:,(\\d{0,9}))?\\}");
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

  /** The overloads that could grow without bound; bounded ones of our own replace them. */
  private static final Set<String> REPLACED = Set.of("MATCHES", "MATCHES_STRING", "ADD_STRING");

  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.legacyCelRuntimeBuilder()
          .setOptions(OPTIONS)
          .setStandardEnvironmentEnabled(false)
          .setStandardFunctions(
              CelStandardFunctions.newBuilder()
                  .filterFunctions((function, overload) -> !REPLACED.contains(overload.toString()))
                  .build())
          .addFunctionBindings(
              CelFunctionBinding.from("matches", String.class, String.class, CelCondition::matches),
              CelFunctionBinding.from(
                  "matches_string", String.class, String.class, CelCondition::matches),
              CelFunctionBinding.from(
                  "add_string", String.class, String.class, CelCondition::concatenate))
          .build();

  private final String text;
  private final CelRuntime.Program program;

  private CelCondition(String text, CelRuntime.Program program) {
    this.text = text;
    this.program = program;
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
      return new Compilation(new CelCondition(text, RUNTIME.createProgram(tree)), List.of());
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
    try {
      Object value = program.eval(Map.of("event", new EventFields(event)));
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

  private static Object concatenate(String left, String right) throws CelEvaluationException {
    if (left.length() + (long) right.length() > MAX_TEXT) {
      throw new CelEvaluationException("a text exceeds %,d characters".formatted(MAX_TEXT));
    }
    return left + right;
  }

  private static Object matches(String value, String regex) throws CelEvaluationException {
    if (value.length() > MAX_REGEX_TEXT) {
      throw new CelEvaluationException(
          "matches() accepts at most %,d characters".formatted(MAX_REGEX_TEXT));
    }
    if (isTooLong(regex)) {
      throw new CelEvaluationException(REGEX_BOUND);
    }
    try {
      return com.google.re2j.Pattern.compile(regex).matcher(value).find();
    } catch (PatternSyntaxException e) {
      throw new CelEvaluationException("invalid regular expression: " + e.getMessage());
    }
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
        .map(constant -> regexFault(constant.stringValue()))
        .filter(fault -> !fault.isEmpty())
        .distinct()
        .toList();
  }

  private static String regexFault(String regex) {
    if (isTooLong(regex)) {
      return REGEX_BOUND;
    }
    try {
      com.google.re2j.Pattern.compile(regex);
      return "";
    } catch (PatternSyntaxException e) {
      return "invalid regular expression " + Quoted.of(regex) + ": " + e.getDescription();
    }
  }

  private static boolean isTooLong(String regex) {
    return regex.length() > MAX_REGEX_LENGTH || repeats(regex) > MAX_REGEX_REPEATS;
  }

  /** An upper bound of how often {@code {n}} may multiply a part of a regular expression. */
  private static long repeats(String regex) {
    long product = 1;
    Matcher repeat = REPEAT.matcher(regex);
    while (repeat.find() && product <= MAX_REGEX_REPEATS) {
      String most = repeat.group(2);
      String count = most == null || most.isEmpty() ? repeat.group(1) : most;
      product *= Math.max(1, Long.parseLong(count));
    }
    return product;
  }
}
