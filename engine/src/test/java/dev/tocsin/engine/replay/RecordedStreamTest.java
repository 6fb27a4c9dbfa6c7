package dev.tocsin.engine.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.config.AutomationFiles;
import dev.tocsin.config.AutomationSet;
import dev.tocsin.config.settings.EffectiveSettings;
import dev.tocsin.config.settings.SettingsReader;
import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.runtime.RuntimeSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The recorded stream of Prefect events fires as its description says. */
class RecordedStreamTest {

  private static final Path EVENTS =
      Path.of("src/test/resources/recording/prefect-events.ndjson.gz");
  private static final Path AUTOMATIONS =
      Path.of("src/test/resources/recording/prefect-automations.yaml");

  @Test
  void withNoFollowerHeldBackTheCountsAreThoseOfTheDescription() throws IOException {
    Map<String, Integer> described = new TreeMap<>();
    described.put("flow-run-heartbeat-lost", 47);
    described.put("deployment-running-late", 18);
    described.put("sensor-heartbeat-missing", 14);
    described.put("flow-run-stuck-in-running", 13);
    described.put("lake-asset-failed", 11);
    described.put("two-of-three-infrastructure-alarms", 10);
    described.put("berlin-order-fulfilled", 9);
    described.put("low-stock-not-refilled", 8);
    described.put("order-paid-but-not-shipped", 7);
    described.put("customer-card-declined-5-times", 7);
    described.put("same-flow-failed-3-times-in-60s", 5);
    described.put("crash-and-failed-build", 5);
    described.put("brute-force-login", 2);
    described.put("warehouse-slots-busy", 1);
    assertThat(counts(run(Duration.ZERO))).isEqualTo(described);
  }

  @Test
  void heldFollowersSpareTwoHeartbeatsThatComeInTheOrderOfTheirRun() throws IOException {
    List<String> alone = run(Duration.ZERO);
    List<String> held = run(RuntimeSettings.DEFAULT_FOLLOWS_PATIENCE);
    List<String> spared = new ArrayList<>(alone);
    spared.removeAll(held);
    assertThat(spared).hasSize(2).allMatch(line -> line.startsWith("flow-run-heartbeat-lost "));
    assertThat(alone).containsAll(held);
  }

  private static Map<String, Integer> counts(List<String> lines) {
    Map<String, Integer> counts = new TreeMap<>();
    lines.forEach(line -> counts.merge(line.substring(0, line.indexOf(' ')), 1, Integer::sum));
    return counts;
  }

  private static List<String> run(Duration patience) throws IOException {
    EffectiveSettings effective = SettingsReader.read(null, Map.of(), Map.of());
    AutomationSet set = AutomationFiles.dry(effective).read(List.of(AUTOMATIONS)).automations();
    RuntimeSettings settings =
        new RuntimeSettings(
            Duration.ofMinutes(15),
            20,
            patience,
            RuntimeSettings.DEFAULT_FOLLOWS_MEMORY,
            1_000_000);
    List<String> lines = new ArrayList<>();
    Backtest backtest =
        new Backtest(
            set,
            settings,
            "tocsin",
            new Backtest.Bounds(null, null),
            (event, step) -> step.firings().forEach(firing -> lines.add(line(firing, set))));
    Recording.ofFile(EVENTS, new WithoutEngineEvents(backtest));
    return lines;
  }

  private static String line(Firing firing, AutomationSet set) {
    return TestRun.declared(set, firing.automation()).name()
        + " "
        + firing.triggered()
        + " "
        + firing.labels();
  }

  private record WithoutEngineEvents(Backtest backtest) implements Recording.Entries {

    @Override
    public void entry(JournalEntry entry) {
      Event event = ((JournalEntry.EventEntry) entry).event();
      if (!Backtest.areEngineEvents("tocsin").test(event)) {
        backtest.take(entry);
      }
    }

    @Override
    public void problem(String problem) {
      throw new AssertionError(problem);
    }

    @Override
    public void progress(long read) {}
  }
}
