package dev.tocsin.engine.evaluation;

import dev.tocsin.config.Automation;
import dev.tocsin.config.AutomationSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All automations in force, by the origin that declared them. Their order is that of the names of
 * the origins, and within one that of its declaration, so it does not depend on who declared last.
 * Immutable.
 */
public final class AutomationsInForce {

  /** None. */
  public static final AutomationsInForce NONE = new AutomationsInForce(new TreeMap<>());

  private final SortedMap<String, AutomationSet> byOrigin;
  private final AutomationSet all;

  private AutomationsInForce(SortedMap<String, AutomationSet> byOrigin) {
    this.byOrigin = byOrigin;
    List<Automation> inOrder = new ArrayList<>();
    byOrigin.values().forEach(set -> inOrder.addAll(set.automations()));
    this.all = new AutomationSet(inOrder);
  }

  /**
   * These, with those of one origin replaced.
   *
   * @throws IllegalArgumentException if another origin has declared an automation with the same id
   */
  public AutomationsInForce with(String origin, AutomationSet automations) {
    TreeMap<String, AutomationSet> next = new TreeMap<>(byOrigin);
    next.put(origin, automations);
    return new AutomationsInForce(next);
  }

  /** Those of one origin, in the order declared. */
  public AutomationSet of(String origin) {
    return byOrigin.getOrDefault(origin, AutomationSet.EMPTY);
  }

  /** All of them. */
  public AutomationSet all() {
    return all;
  }

  /** Whether an origin has declared exactly these, in this order. */
  public boolean isAsDeclared(String origin, AutomationSet automations) {
    return definitions(of(origin)).equals(definitions(automations));
  }

  /**
   * Refuses to replace the automations of an origin with none.
   *
   * @throws AllRemovedException if there are any now and none next
   */
  public void requireSome(String origin, AutomationSet next) {
    List<String> names = of(origin).automations().stream().map(Automation::name).toList();
    if (next.automations().isEmpty() && !names.isEmpty()) {
      throw new AllRemovedException(names);
    }
  }

  private static List<Map.Entry<String, String>> definitions(AutomationSet automations) {
    return automations.automations().stream()
        .map(each -> Map.entry(each.id(), each.definition().fingerprint()))
        .toList();
  }
}
