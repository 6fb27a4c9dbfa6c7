package dev.tocsin.config;

import dev.tocsin.triggers.runtime.Declaration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All automations of an engine, in the order declared; no id twice. Immutable. */
public final class AutomationSet {

  /** None. */
  public static final AutomationSet EMPTY = new AutomationSet(List.of());

  private final Map<String, Automation> byId;

  /** Refuses two automations of one id. */
  public AutomationSet(List<Automation> automations) {
    Map<String, Automation> map = new LinkedHashMap<>();
    for (Automation automation : automations) {
      if (map.put(automation.id(), automation) != null) {
        throw new IllegalArgumentException("two automations have the id " + automation.id());
      }
    }
    this.byId = Collections.unmodifiableMap(map);
  }

  /** All of them, in the order declared. */
  public List<Automation> automations() {
    return List.copyOf(byId.values());
  }

  /** What each declares to the triggers, in the order declared. */
  public List<Declaration> declarations() {
    return byId.values().stream()
        .map(each -> new Declaration(each.id(), each.trigger(), each.enabled()))
        .toList();
  }

  /** The one with this id, or null. */
  public @Nullable Automation find(String id) {
    return byId.get(id);
  }
}
