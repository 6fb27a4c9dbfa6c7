package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * What a daemon has done with a {@link KillLoad} in the end.
 *
 * @param events ids of those stored that came from outside
 * @param firings of the load's automations, each as its automation and its id
 * @param told number of events that report one of these firings
 * @param calls ids of the webhook calls received
 * @param repeated number of calls that were received again
 * @param failed ids of the calls that are recorded as failed
 */
public record RunOutcome(
    Set<String> events,
    Set<String> firings,
    int told,
    Set<String> calls,
    int repeated,
    Set<String> failed) {

  /** Waits until all is done. */
  public static RunOutcome of(
      Path home, DaemonProcess daemon, URI address, WebhookReceiver receiver) throws Exception {
    KillLoad.letWindowsEnd(daemon, address);
    try (StoredRows rows = new StoredRows(DaemonProcess.data(home))) {
      while (rows.count(StoredRows.UNDONE) > 0) {
        assertThat(daemon.process().waitFor(50, TimeUnit.MILLISECONDS)).isFalse();
      }
      List<String> calls = new ArrayList<>();
      while (receiver.waiting() > 0) {
        calls.add(receiver.next().key());
      }
      Set<String> distinct = new TreeSet<>(calls);
      return new RunOutcome(
          rows.ids("SELECT id FROM entry WHERE name LIKE 'shop.%' AND origin IS NULL"),
          rows.ids("SELECT automation || ' ' || id FROM firing WHERE automation IN " + names("")),
          rows.count(
              "SELECT COUNT(*) FROM entry WHERE name LIKE '%.automation.triggered' AND resource IN "
                  + names("prefect-cloud.automation.")),
          distinct,
          calls.size() - distinct.size(),
          rows.ids(
              "SELECT id FROM invocation WHERE outcome = 'failed' AND firing IN"
                  + " (SELECT id FROM firing WHERE automation IN "
                  + names("")
                  + ")"));
    }
  }

  private static String names(String prefix) {
    return "('" + prefix + String.join("','" + prefix, KillLoad.AUTOMATIONS) + "')";
  }

  /**
   * Refuses any difference to what a daemon did that received the same and was left alone. A call
   * that is missing must be recorded as failed.
   */
  public void assertSameAs(RunOutcome undisturbed, KillLoad load) {
    assertSame("acknowledged events", load.acknowledged(), load.sent());
    assertSame("stored events", events, load.sent());
    assertSame("firings", firings, undisturbed.firings);
    assertSame("webhook calls", calledOrFailed(), undisturbed.calledOrFailed());
    assertThat(told).as("events that report a firing").isEqualTo(firings.size());
  }

  private Set<String> calledOrFailed() {
    Set<String> all = new TreeSet<>(calls);
    all.addAll(failed);
    return all;
  }

  private static void assertSame(String what, Set<String> found, Set<String> expected) {
    assertThat(found).as(what).isNotEmpty();
    assertThat(without(expected, found)).as(what + " that are missing").isEmpty();
    assertThat(without(found, expected)).as(what + " too many").isEmpty();
  }

  private static Set<String> without(Set<String> all, Set<String> others) {
    Set<String> rest = new TreeSet<>(all);
    rest.removeAll(others);
    return rest;
  }

  @Override
  public String toString() {
    return "%d events, %d firings, %d webhook calls, %d of them repeated, %d failed"
        .formatted(events.size(), firings.size(), calls.size(), repeated, failed.size());
  }
}
