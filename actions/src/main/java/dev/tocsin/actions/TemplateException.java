package dev.tocsin.actions;

/** A template that cannot be parsed or rendered. */
public final class TemplateException extends RuntimeException {

  private final int line;

  /** At a line of the template, from 1. */
  public TemplateException(int line, String message) {
    super(message);
    this.line = line;
  }

  /** The line of the template, from 1. */
  public int line() {
    return line;
  }
}
