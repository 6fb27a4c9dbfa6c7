package dev.tocsin.engine.pipeline;

import java.util.List;

/**
 * Whether events can be made durable now.
 *
 * @param notes sentences for an operator: why not, and what else is wrong
 */
public record Readiness(boolean isReady, List<String> notes) {

  /** Copies the list. */
  public Readiness {
    notes = List.copyOf(notes);
  }
}
