package dev.tocsin.engine.server;

/** A request that is at fault or comes at a bad time: how it is to be answered. */
final class RefusedException extends RuntimeException {

  private final transient Answer answer;

  RefusedException(Answer answer) {
    super("answered " + answer.status(), null, false, false);
    this.answer = answer;
  }

  Answer answer() {
    return answer;
  }
}
