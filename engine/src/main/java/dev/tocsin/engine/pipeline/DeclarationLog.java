package dev.tocsin.engine.pipeline;

import dev.tocsin.actions.AutomationEvents;
import dev.tocsin.engine.evaluation.DeclarationPlan;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what a declaration did to each automation. */
final class DeclarationLog {

  private static final Logger LOG = LoggerFactory.getLogger(DeclarationLog.class);

  /** Maximum number of automations that are logged one by one. */
  private static final int MAX_LINES = 100;

  private DeclarationLog() {}

  /** Writes nothing if every automation continues exactly as it was. */
  static void write(DeclarationPlan plan, String by) {
    plan.changes().stream()
        .filter(change -> !change.isNone())
        .limit(MAX_LINES)
        .forEach(
            change ->
                LOG.info(
                    "{}", AutomationEvents.sentence(change.edit(), change.automation().name())));
    if (!plan.isEmpty()) {
      LOG.info("Automations declared by {}: {}.", by, counts(plan));
    }
  }

  private static String counts(DeclarationPlan plan) {
    Map<String, Long> counts =
        plan.changes().stream()
            .collect(
                Collectors.groupingBy(DeclarationLog::label, TreeMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .map(count -> count.getValue() + " " + count.getKey())
        .collect(Collectors.joining(", "));
  }

  private static String label(DeclarationPlan.AutomationChange change) {
    return switch (change.fate()) {
      case KEPT -> change.isEdited() ? "edited" : "kept";
      case RENAMED, RESET, ADDED, SWITCHED_ON, SWITCHED_OFF, REMOVED ->
          change.fate().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    };
  }
}
