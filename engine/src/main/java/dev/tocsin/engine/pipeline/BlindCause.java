package dev.tocsin.engine.pipeline;

/** Why the engine could not see. */
enum BlindCause {
  /** It did not run; the time that senders are given to catch up counts too. */
  DOWN("down"),
  /** It ran and had no time: the process or the machine was stopped, or the clock stepped on. */
  STOPPED("stopped"),
  /** What it evaluated did not become durable. */
  NOT_READY("not-ready"),
  /** It told senders to come back later. */
  SHEDDING("shedding");

  private final String label;

  BlindCause(String label) {
    this.label = label;
  }

  /** The word for it in the journal, events and meters. */
  String label() {
    return label;
  }
}
