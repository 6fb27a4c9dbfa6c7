package dev.tocsin.actions;

import dev.tocsin.actions.template.CompiledTemplate;
import dev.tocsin.actions.template.TemplateFault;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Jinja2 template, checked when it is made: its syntax, and the names of its tags, filters,
 * tests, methods and functions. Immutable; renders from any thread, and is meant to off the event
 * loops.
 *
 * <p>Tags are {@code if}, {@code for}, {@code set} and {@code raw}. What is undefined or null
 * prints as nothing, text as it is, a number as it came, a boolean as {@code true} or {@code
 * false}, a map or a list as compact JSON. The value of a variable is never itself rendered.
 *
 * <p>Bounds: 65,536 characters of source, 4,000 of an expression; 10 loops, 2 in one another, 100
 * numbers of a {@code range}; in a rendering 100,000 iterations of loops, 2,000,000 steps (one for
 * each value that is read or computed and each filter or test that is applied, one for each 100
 * characters or 10 items that one of them looks at), 1,000,000 characters of output or of a text,
 * and 100,000 items of a list. A text or a list that is read may be larger, and then what is
 * computed of it may be as large.
 */
public final class Template {

  private final String source;
  private final CompiledTemplate program;

  private Template(String source, CompiledTemplate program) {
    this.source = source;
    this.program = program;
  }

  /**
   * Checks and keeps a template.
   *
   * @throws TemplateException at its first problem
   */
  public static Template parse(String source) {
    try {
      return new Template(source, CompiledTemplate.of(source));
    } catch (TemplateFault fault) {
      throw new TemplateException(fault.line(), message(fault));
    }
  }

  /** The text as written. */
  public String source() {
    return source;
  }

  /**
   * Renders with these variables: maps with text keys, lists, strings, numbers, booleans and nulls.
   * A {@link java.util.function.Supplier} among them is asked each time a template uses it. Of a
   * map a template reads {@code get}, and prints its entries.
   *
   * @throws TemplateException if it cannot be rendered, or exceeds a bound
   */
  public Rendering render(Map<String, ?> variables) {
    try {
      CompiledTemplate.RenderedText result = program.render(variables);
      return new Rendering(result.text(), result.undefined());
    } catch (TemplateFault fault) {
      throw new TemplateException(fault.line(), message(fault));
    }
  }

  private static String message(TemplateFault fault) {
    return String.valueOf(fault.getMessage());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Template that && source.equals(that.source);
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }

  @Override
  public String toString() {
    return source;
  }

  /**
   * What rendering gave.
   *
   * @param text the result
   * @param undefined paths that were used and had no value, each once, in order; at most 100. Paths
   *     that a {@code default}, a test or a condition handles are not among them.
   */
  public record Rendering(String text, List<String> undefined) {}
}
