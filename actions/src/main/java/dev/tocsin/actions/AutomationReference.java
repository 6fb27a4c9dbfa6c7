package dev.tocsin.actions;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What actions and their events say of the automation that they belong to.
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
