package dev.tocsin.engine.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsTest {

  @Test
  void everyMeterIsServedUnderItsDocumentedName() {
    Metrics metrics = new Metrics();
    metrics.eventsAccepted(3);
    metrics.eventsMatched(2);
    metrics.fired("a", "alarm");
    metrics.actionEnded("call-webhook", "executed");
    metrics.committing(7, () -> {});
    metrics.evaluated(Duration.ofMillis(1));
    metrics.clockJumped(Duration.ofSeconds(-3));
    metrics.clockAhead(() -> 3);
    metrics.blind("down", true, Duration.ofMillis(9_500));
    metrics.blind("down", false, Duration.ofMillis(500));
    metrics.queueDepth("intake", () -> 9);
    metrics.openConnections(() -> 4);
    metrics.logLinesDropped(() -> 6);
    metrics.stored(() -> 3, () -> 4_096, () -> 1.5);
    metrics.entriesDropped(5);
    metrics.rowsUnreadable(() -> 2);
    metrics.reloaded(Instant.ofEpochSecond(7));
    metrics.reloadFailed();
    metrics.requestAnswered("/api/events", 204, Duration.ofMillis(2));
    String served = metrics.scrape();
    for (EngineMeter meter : EngineMeter.values()) {
      String type = "# TYPE " + meter.prometheusName() + " ";
      String line = "\n" + meter.prometheusName();
      assertThat(served).contains(type);
      assertThat(served).as("samples of %s", meter).contains(line);
      assertThat(served).contains("# HELP " + meter.prometheusName() + " " + meter.description());
    }
    assertThat(served)
        .contains("tocsin_events_accepted_total 3.0")
        .contains("tocsin_queue_depth{queue=\"intake\"} 9.0")
        .contains("tocsin_actions_total{outcome=\"executed\",type=\"call-webhook\"} 1.0")
        .contains("tocsin_store_dropped_total 5.0")
        .contains("tocsin_reloads_total{outcome=\"failed\"} 1.0")
        .contains("tocsin_reload_last_success_timestamp_seconds 7.0")
        .contains("tocsin_blind_intervals_total{cause=\"down\"} 1.0")
        .contains("tocsin_blind_seconds_total{cause=\"down\"} 10.0")
        .contains("tocsin_log_lines_dropped_total 6.0")
        .contains("tocsin_commit_size_sum 7.0");
  }

  @Test
  void aDurationOverAStepBackOfTheClockCountsAsZero() {
    Metrics metrics = new Metrics();
    metrics.requestAnswered("/ready", 200, Duration.ofHours(-2));
    assertThat(metrics.scrape())
        .contains("tocsin_http_requests_seconds_count{route=\"/ready\",status=\"200\"} 1")
        .contains("tocsin_http_requests_seconds_sum{route=\"/ready\",status=\"200\"} 0.0");
  }

  @Test
  void automationsPastTheBoundShareOneCount() {
    Metrics metrics = new Metrics();
    for (int i = 0; i < Metrics.MAX_AUTOMATIONS + 5; i++) {
      metrics.fired("automation-" + i, "a" + i);
    }
    metrics.fired("automation-0", "a0");
    assertThat(metrics.scrape())
        .contains("tocsin_automation_firings_total{automation=\"automation-0\",name=\"a0\"} 2.0")
        .contains("tocsin_automation_firings_total{automation=\"other\",name=\"other\"} 5.0")
        .contains("tocsin_firings_total 1006.0")
        .doesNotContain("automation-1000");
  }

  @Test
  void aRenamedAutomationContinuesItsCountUnderTheNewName() {
    Metrics metrics = new Metrics();
    metrics.fired("a", "old");
    metrics.fired("a", "new");
    assertThat(metrics.scrape())
        .contains("tocsin_automation_firings_total{automation=\"a\",name=\"new\"} 2.0")
        .doesNotContain("name=\"old\"");
  }

  @Test
  void theTableHasARowForEveryMeter() {
    List<String> table = EngineMeter.markdownTable();
    assertThat(table).hasSize(EngineMeter.values().length + 2);
    assertThat(table)
        .contains(
            "| `tocsin_actions_total` | counter | `type`, `outcome` | Actions that ended, by type"
                + " and outcome. |");
  }
}
