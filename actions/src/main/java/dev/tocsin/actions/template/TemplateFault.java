package dev.tocsin.actions.template;

/** Something in a template that cannot be parsed or rendered. */
public final class TemplateFault extends RuntimeException {

  private final int line;

  /** At a line of the template, from 1. */
  public TemplateFault(int line, String message) {
    super(message);
    this.line = line;
  }

  /** The line of the template, from 1. */
  public int line() {
    return line;
  }
}
