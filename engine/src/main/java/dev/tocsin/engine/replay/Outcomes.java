package dev.tocsin.engine.replay;

import dev.tocsin.config.Automation;
import dev.tocsin.engine.replay.TestRun.Seen;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.runtime.Step;
import java.util.ArrayList;
import java.util.List;

/** Tells what became of each event for one automation. */
final class Outcomes {

  private static final int MOST_LINES = 50;

  private final List<Seen> seen;

  Outcomes(List<Seen> seen) {
    this.seen = seen;
  }

  /** A heading, and a line for each event. */
  List<String> of(Automation automation) {
    List<String> lines = new ArrayList<>();
    for (Seen each : seen) {
      List<Step.Observation> own =
          each.observations().stream()
              .filter(observation -> observation.automation().equals(automation.id()))
              .toList();
      Event event = each.event();
      String subject =
          event == null
              ? "(time passed)"
              : event.id()
                  + "  "
                  + event.occurred()
                  + "  "
                  + event.name()
                  + "  "
                  + event.resource().id();
      if (own.isEmpty() && event != null) {
        lines.add("  " + subject + "  not covered");
      }
      own.forEach(observation -> lines.add("  " + subject + "  " + text(observation)));
    }
    int more = lines.size() - MOST_LINES;
    if (more > 0) {
      lines.subList(MOST_LINES, lines.size()).clear();
      lines.add("  ... and " + more + " more");
    }
    lines.addFirst(
        "what the events did to "
            + automation.name()
            + (automation.enabled() ? "" : ", which is disabled")
            + (lines.isEmpty() ? ": no events" : ":"));
    return lines;
  }

  private static String text(Step.Observation observation) {
    String key = observation.key().values().isEmpty() ? "" : " " + observation.key().values();
    String progress = ProgressText.of(observation.progress());
    String detail = observation.detail().isEmpty() ? progress : observation.detail();
    return observation.outcome() + key + (detail.isEmpty() ? "" : ": " + detail);
  }
}
