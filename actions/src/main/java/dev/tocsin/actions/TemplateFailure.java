package dev.tocsin.actions;

/** Why a template could not be rendered, for an operator. */
final class TemplateFailure {

  private TemplateFailure() {}

  static String reason(TemplateException failure) {
    return "template, line " + failure.line() + ": " + failure.getMessage();
  }
}
