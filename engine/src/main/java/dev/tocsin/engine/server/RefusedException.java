package dev.tocsin.engine.server;

/** Refuses a request with an answer. */
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
