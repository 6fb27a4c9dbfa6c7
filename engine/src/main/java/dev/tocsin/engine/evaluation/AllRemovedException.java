package dev.tocsin.engine.evaluation;

import java.util.List;

/**
 * All automations of an origin would be removed, with their state: its path may be wrong, or a
 * volume not mounted.
 */
public final class AllRemovedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With the names of these automations. */
  public AllRemovedException(List<String> names) {
    super(
        "No automation was found, and all "
            + names.size()
            + " in force would be removed with their state: "
            + String.join(", ", names)
            + ". Check the setting automations, or use --allow-empty",
        null,
        false,
        false);
  }
}
