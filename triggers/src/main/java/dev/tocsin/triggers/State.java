package dev.tocsin.triggers;

/** Which change of a trigger's state a firing is. */
public enum State {
  /** The trigger's condition came to hold. */
  TRIGGERED("Triggered"),
  /** An absence that had fired has ended. */
  RESOLVED("Resolved");

  private final String label;

  State(String label) {
    this.label = label;
  }

  /** The name in events, templates and listings. */
  public String label() {
    return label;
  }
}
