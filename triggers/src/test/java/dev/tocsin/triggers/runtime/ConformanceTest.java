package dev.tocsin.triggers.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.triggers.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The conformance vectors: what an engine must fire. */
class ConformanceTest {

  @TestFactory
  Stream<DynamicTest> vectors() {
    return Stream.of("cases.ndjson.gz", "random.ndjson.gz")
        .flatMap(file -> Scenario.all(file).stream())
        .map(scenario -> DynamicTest.dynamicTest(scenario.name(), () -> run(scenario)));
  }

  @Test
  void thereAreAllVectors() {
    assertThat(Scenario.all("cases.ndjson.gz")).hasSize(436);
    assertThat(Scenario.all("random.ndjson.gz")).hasSize(1_500);
  }

  private static void run(Scenario scenario) {
    TriggerRuntime runtime =
        new TriggerRuntime(scenario.declarations(), RuntimeSettings.DEFAULT, scenario.start());
    List<String> lines = new ArrayList<>();
    for (Event event : scenario.events()) {
      runtime.offer(event, event.received()).firings().forEach(f -> lines.add(Scenario.line(f)));
    }
    runtime.advanceTo(scenario.until()).firings().forEach(f -> lines.add(Scenario.line(f)));
    assertThat(lines).isEqualTo(scenario.expect());
  }
}
