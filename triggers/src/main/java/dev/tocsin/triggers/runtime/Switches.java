package dev.tocsin.triggers.runtime;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Automations that were paused or resumed since they were declared. A declaration that says
 * otherwise than the one before undoes the switch.
 */
final class Switches {

  private final Map<String, Checkpoint.Switch> byAutomation = new HashMap<>();

  void restore(List<Checkpoint.Switch> saved) {
    saved.forEach(each -> byAutomation.put(each.automation(), each));
  }

  /** Those of these automations, in order. */
  List<Checkpoint.Switch> save(Collection<Declaration> declared) {
    return declared.stream()
        .map(each -> byAutomation.get(each.automation()))
        .filter(Objects::nonNull)
        .toList();
  }

  void put(Declaration declaration, boolean on) {
    String automation = declaration.automation();
    byAutomation.put(automation, new Checkpoint.Switch(automation, declaration.enabled(), on));
  }

  /** Whether an automation is evaluated: as last switched, or else as declared. */
  boolean isOn(Declaration declaration) {
    Checkpoint.Switch own = byAutomation.get(declaration.automation());
    return own == null ? declaration.enabled() : own.active();
  }

  /**
   * Whether a declaration will be evaluated if it follows another one.
   *
   * @param before id of the automation before
   */
  boolean willBeOn(Declaration declaration, String before) {
    Checkpoint.Switch kept = kept(declaration, before);
    return kept == null ? declaration.enabled() : kept.active();
  }

  /** A declaration follows another one, and keeps its switch. */
  void handOver(Declaration declaration, String before) {
    Checkpoint.Switch kept = kept(declaration, before);
    byAutomation.remove(before);
    if (kept != null) {
      put(declaration, kept.active());
    }
  }

  void removeIf(Predicate<String> automation) {
    byAutomation.keySet().removeIf(automation);
  }

  private Checkpoint.@Nullable Switch kept(Declaration declaration, String before) {
    Checkpoint.Switch own = byAutomation.get(before);
    return own != null && own.declared() == declaration.enabled() ? own : null;
  }
}
