package dev.tocsin.actions;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of an automation that its actions and their events mention.
 *
 * @param posture {@code Reactive} or {@code Proactive}; null for a composite trigger
 */
public record AutomationReference(
    String id, String name, String description, List<String> tags, @Nullable String posture) {

  /** Copies. */
  public AutomationReference {
    tags = List.copyOf(tags);
  }
}
