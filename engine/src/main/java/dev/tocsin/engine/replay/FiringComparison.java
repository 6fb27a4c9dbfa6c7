package dev.tocsin.engine.replay;

import dev.tocsin.config.AutomationSet;
import dev.tocsin.config.testing.TestCase.ExpectedEvent;
import dev.tocsin.config.testing.TestCase.ExpectedFiring;
import dev.tocsin.triggers.Firing;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compares the firings of a test with those that must come. A line of a difference begins with
 * {@code -} where a firing is missing, with {@code +} where one is not expected, with a blank where
 * both agree.
 */
final class FiringComparison {

  /** Most lines of agreement shown before and after a difference. */
  private static final int CONTEXT = 3;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final AutomationSet automations;

  FiringComparison(AutomationSet automations) {
    this.automations = automations;
  }

  /**
   * Lines of the difference, none if there is none; ids of what is missing go into {@code missed}.
   */
  List<String> exactly(List<ExpectedFiring> expected, List<Firing> actual, Set<String> missed) {
    int same = 0;
    int least = Math.min(expected.size(), actual.size());
    while (same < least && agrees(expected.get(same), actual.get(same))) {
      same++;
    }
    if (same == expected.size() && same == actual.size()) {
      return List.of();
    }
    int sameAtEnd = 0;
    while (sameAtEnd < least - same
        && agrees(
            expected.get(expected.size() - 1 - sameAtEnd),
            actual.get(actual.size() - 1 - sameAtEnd))) {
      sameAtEnd++;
    }
    List<String> lines = new ArrayList<>();
    lines.add("firings differ (- expected, + fired):");
    for (int i = Math.max(0, same - CONTEXT); i < same; i++) {
      lines.add("    " + line(actual.get(i)));
    }
    for (ExpectedFiring missing : expected.subList(same, expected.size() - sameAtEnd)) {
      lines.add("  - " + line(missing));
      missed.add(missing.automation());
    }
    for (Firing surplus : actual.subList(same, actual.size() - sameAtEnd)) {
      lines.add("  + " + line(surplus));
    }
    int end = actual.size() - sameAtEnd;
    for (int i = end; i < Math.min(end + CONTEXT, actual.size()); i++) {
      lines.add("    " + line(actual.get(i)));
    }
    return lines;
  }

  /** Lines that name those that are not among all in their order, and all that fired. */
  List<String> including(List<ExpectedFiring> expected, List<Firing> actual, Set<String> missed) {
    List<String> lines = new ArrayList<>();
    int at = 0;
    for (ExpectedFiring each : expected) {
      int found = at;
      while (found < actual.size() && !agrees(each, actual.get(found))) {
        found++;
      }
      if (found == actual.size()) {
        lines.add("  - " + line(each));
        missed.add(each.automation());
      } else {
        at = found + 1;
      }
    }
    if (!lines.isEmpty()) {
      lines.addFirst("firings are missing (- expected, + fired), in this order:");
      actual.forEach(firing -> lines.add("  + " + line(firing)));
    }
    return lines;
  }

  private static boolean agrees(ExpectedFiring expected, Firing actual) {
    ExpectedEvent event = expected.event();
    return expected.automation().equals(actual.automation())
        && expected.state() == actual.state()
        && (expected.triggered() == null || expected.triggered().equals(actual.triggered()))
        && (expected.labels() == null || expected.labels().equals(actual.labels()))
        && (event == null || Objects.equals(event.id(), actual.event()));
  }

  private String line(Firing firing) {
    return FiringLine.of(TestRun.declared(automations, firing.automation()), firing).toString();
  }

  private String line(ExpectedFiring expected) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("automation", TestRun.declared(automations, expected.automation()).name());
    if (expected.triggered() != null) {
      json.put("triggered", expected.triggered().toString());
    }
    json.put("state", expected.state().label());
    if (expected.labels() != null) {
      ObjectNode labels = json.putObject("labels");
      expected.labels().forEach(labels::put);
    }
    if (expected.event() != null) {
      json.put("event", expected.event().id());
    }
    return json.toString();
  }
}
