package dev.tocsin.actions.template;

import com.hubspot.jinjava.interpret.DisabledException;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.OutputTooBigException;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.tree.Node;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.exc.StreamConstraintsException;

/**
 * One rendering under way: what it found undefined, and what it has used of its bounds. They count,
 * and never measure time, so a rendering ends the same way everywhere. Its first error ends it.
 */
final class BoundedInterpreter extends JinjavaInterpreter {

  /** Most characters of the result, and of any text on the way to it but one that is read. */
  static final int MAX_TEXT = 1_000_000;

  /** Maximum length of a {@code range}. */
  static final int MAX_RANGE = 100;

  private static final int MAX_TURNS = 100_000;
  private static final int MAX_ITEMS = 100_000;
  static final int MAX_BITS = 10_000;

  /** One for each value read or computed, and one for each {@value #SIZE_OF_STEP} of its size. */
  private static final int MAX_STEPS = 2_000_000;

  private static final int SIZE_OF_STEP = 100;
  private static final long MAX_COST = (long) MAX_STEPS * SIZE_OF_STEP;

  /** The size of an item beside that of its value. */
  private static final int SIZE_OF_ITEM = 10;

  private static final int MAX_UNDEFINED = 100;
  private static final int MAX_SHOWN = 200;

  private final Set<String> undefined = new LinkedHashSet<>();
  private int quiet;
  private int turns;
  private long cost;
  private int longest = MAX_TEXT;
  private int largest = MAX_ITEMS;

  BoundedInterpreter(Map<String, ?> variables) {
    this(BoundedJinjava.shared(), variables);
  }

  private BoundedInterpreter(BoundedJinjava engine, Map<String, ?> variables) {
    super(engine, engine.context(wrapped(variables)), engine.getGlobalConfig());
  }

  private static Map<String, Object> wrapped(Map<String, ?> variables) {
    Map<String, Object> wrapped = new HashMap<>();
    variables.forEach(
        (name, value) -> {
          Object inner = Json.wrap(value);
          if (inner != null) {
            wrapped.put(name, inner);
          }
        });
    return wrapped;
  }

  static BoundedInterpreter of(JinjavaInterpreter interpreter) {
    return (BoundedInterpreter) interpreter;
  }

  /** Renders a parsed template; throws a {@link TemplateFault} if that fails. */
  String text(Node root) {
    return guarded(() -> render(root, false));
  }

  /** Runs work of this rendering; every failure becomes a fault at a line. */
  <T> T guarded(Supplier<T> work) {
    try (var _ = closeablePushCurrent(this).get()) {
      return work.get();
    } catch (OutputTooBigException e) {
      throw tooLong();
    } catch (StackOverflowError e) {
      throw tooDeep();
    } catch (RuntimeException e) {
      throw faultOf(e, String.valueOf(e.getMessage()));
    }
  }

  TemplateFault fault(String message) {
    return new TemplateFault(Math.max(1, getLineNumber()), message);
  }

  List<String> undefined() {
    return List.copyOf(undefined);
  }

  /** Evaluates what may be undefined without being missed. */
  <T extends @Nullable Object> T quietly(Supplier<T> work) {
    quiet++;
    try {
      return work.get();
    } finally {
      quiet--;
    }
  }

  void miss(String path) {
    if (quiet == 0 && undefined.size() < MAX_UNDEFINED) {
      undefined.add(path.length() > MAX_SHOWN ? path.substring(0, MAX_SHOWN) + "…" : path);
    }
  }

  void takeTurns(int more) {
    turns += Math.max(0, more);
    if (turns > MAX_TURNS) {
      throw fault("the loops exceed 100,000 iterations");
    }
  }

  /** A value that was read: counted and wrapped. What is computed of it may be as large. */
  @Nullable Object weighRead(@Nullable Object value) {
    switch (value) {
      case CharSequence text -> longest = Math.max(longest, text.length());
      case Collection<?> list -> largest = Math.max(largest, list.size());
      case null, default -> {}
    }
    return weigh(value);
  }

  /** A value that was computed: counted, refused if it is too large, and wrapped. */
  @Nullable Object weigh(@Nullable Object value) {
    int size =
        switch (value) {
          case CharSequence text -> bounded(text.length(), longest, "a text", "characters");
          case Collection<?> list -> bounded(list.size(), largest, "a list", "items");
          case BigInteger number -> bounded(number.bitLength(), MAX_BITS, "a number", "bits");
          case BigDecimal number ->
              bounded(number.unscaledValue().bitLength(), MAX_BITS, "a number", "bits");
          case Double number when !Double.isFinite(number) ->
              throw fault("a number is not finite; check for a division by 0");
          case null, default -> 0;
        };
    spend(SIZE_OF_STEP + (long) size);
    return Json.wrap(value);
  }

  /** Counts that a filter or a test is applied, by the template or to each item of a list. */
  void apply() {
    spend(SIZE_OF_STEP);
  }

  /** Counts that values are looked at as a whole, with all that they contain. */
  void touch(@Nullable Object... values) {
    for (Object value : values) {
      touchAll(value);
    }
  }

  /** Counts that a text is searched for in another, which may take the product of their lengths. */
  void touchSearch(@Nullable Object part, @Nullable Object text) {
    if (part instanceof CharSequence some && text instanceof CharSequence all) {
      spend((long) some.length() * all.length() / SIZE_OF_ITEM);
    }
  }

  /** Counts that a list is sorted. */
  void touchSorting(@Nullable Object value) {
    if (value instanceof Collection<?> || value instanceof Map<?, ?>) {
      long before = cost;
      touchAll(value);
      int size = value instanceof Map<?, ?> map ? map.size() : ((Collection<?>) value).size();
      spend((cost - before) * (Integer.SIZE - Integer.numberOfLeadingZeros(size)));
    }
  }

  private void touchAll(@Nullable Object value) {
    spend(SIZE_OF_ITEM);
    switch (value) {
      case CharSequence text -> spend(text.length());
      case Collection<?> items -> items.forEach(this::touchAll);
      case Map<?, ?> map ->
          map.forEach(
              (name, field) -> {
                touchAll(name);
                touchAll(field);
              });
      case null, default -> {}
    }
  }

  private void spend(long more) {
    cost += more;
    if (cost > MAX_COST) {
      throw fault("the template exceeds 2,000,000 steps");
    }
  }

  private int bounded(int size, int max, String what, String unit) {
    if (size > max) {
      throw fault(String.format("%s exceeds %,d %s", what, max, unit));
    }
    return size;
  }

  @Override
  public @Nullable Object resolveELExpression(String expression, int line) {
    Object value = super.resolveELExpression(expression, line);
    setLineNumber(line);
    return weigh(value);
  }

  @Override
  public String getAsString(@Nullable Object value) {
    touch(value);
    return Json.print(value);
  }

  @Override
  public @Nullable Object wrap(@Nullable Object value) {
    return Json.wrap(value);
  }

  @Override
  public void addError(TemplateError error) {
    Exception cause = error.getException();
    throw faultOf(cause, String.valueOf(error.getMessage()));
  }

  private TemplateFault faultOf(@Nullable Throwable cause, String message) {
    for (Throwable e = cause; e != null; e = e.getCause()) {
      switch (e) {
        case TemplateFault fault -> {
          return fault;
        }
        case OutputTooBigException big -> {
          return tooLong();
        }
        case StreamConstraintsException deep -> {
          return tooDeep();
        }
        case DisabledException unknown -> {
          String name = String.valueOf(unknown.getMessage()).replaceFirst(" is disabled.*", "");
          return fault("unknown filter or test " + name);
        }
        default -> {}
      }
    }
    if (message.startsWith(ArithmeticException.class.getSimpleName())) {
      return fault("division by zero");
    }
    if (message.contains("java.lang.") && !message.startsWith("Cannot coerce ")) {
      return fault("cannot compute with these values");
    }
    String plain =
        message.replaceFirst("^Cannot coerce (.*) of class .*", "cannot compute with $1");
    return fault(plain.length() > MAX_SHOWN ? plain.substring(0, MAX_SHOWN) + "…" : plain);
  }

  private TemplateFault tooDeep() {
    return fault("nested too deeply");
  }

  private TemplateFault tooLong() {
    return fault("the text exceeds 1,000,000 characters");
  }
}
