package dev.tocsin.engine.pipeline;

/** Why the engine could not see. */
enum BlindCause {
  /** It did not run; includes the time that senders need to catch up. */
  DOWN("down"),
  /** It stalled: the process or the machine was stopped, or the clock stepped forward. */
  STOPPED("stopped"),
  /** What it evaluated did not become durable. */
  NOT_READY("not-ready"),
  /** It asked senders to retry later. */
  SHEDDING("shedding"),
  /**
   * Deadlines came due faster than they could be evaluated, and senders were asked to retry later.
   */
  OVERLOADED("overloaded");

  private final String label;

  BlindCause(String label) {
    this.label = label;
  }

  /** Its name in the journal, events and meters. */
  String label() {
    return label;
  }
}
