package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What happens to calls where the other side does not do its part. */
class DestinationsTest {

  private static final List<String> TEN = IntStream.range(0, 10).mapToObj(i -> "e" + i).toList();

  @TempDir Path folder;

  /** One automation for each URL. */
  private static String callsOf(String... urls) {
    StringBuilder automations = new StringBuilder();
    for (int i = 0; i < urls.length; i++) {
      automations.append(
          """
          - id: call%d
            name: call%d
            trigger: {expect: [go], threshold: 1}
            actions: [{type: call-webhook, url: '%s', body: '{{ event.id }}'}]
          """
              .formatted(i, i, urls[i]));
    }
    return automations.toString();
  }

  private static void sendTen(TestDaemon daemon) throws Exception {
    for (int i = 0; i < TEN.size(); i++) {
      daemon.send(TestDaemon.event(TEN.get(i), "go", i));
    }
  }

  private static List<String> bodies(WebhookReceiver receiver, int count) throws Exception {
    List<String> bodies = new ArrayList<>();
    while (bodies.size() < count) {
      bodies.add(receiver.next().body());
    }
    return bodies;
  }

  @Test
  void aFailedCallSaysWhy() throws Exception {
    try (WebhookReceiver receiver = new WebhookReceiver();
        ServerSocket resetting = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> resetAll(resetting));
      String automations =
          callsOf(
              receiver.url() + "/hang",
              receiver.url() + "/500",
              receiver.url() + "/302",
              receiver.url() + "/huge",
              "http://127.0.0.1:" + resetting.getLocalPort() + "/",
              receiver.url() + "/fine");
      try (TestDaemon daemon = TestDaemon.start(folder, automations, "webhook_timeout=2s")) {
        daemon.send(TestDaemon.event("e1", "go", 1));
        daemon.await("*.action.executed", 1);
        List<JsonNode> failed = daemon.await("*.action.failed", 5);
        assertThat(reasonOf(failed, 0)).contains("2 s");
        assertThat(reasonOf(failed, 1)).isEqualTo("answered 500 Internal Server Error");
        assertThat(reasonOf(failed, 2)).startsWith("answered 302").endsWith("are not followed");
        assertThat(reasonOf(failed, 3)).contains("more than 65536 bytes");
        assertThat(reasonOf(failed, 4)).containsPattern("connection (reset|closed) by");
      }
    }
  }

  private static String reasonOf(List<JsonNode> failed, int automation) {
    String resource = "prefect-cloud.automation.call" + automation + ".action.0";
    return failed.stream()
        .filter(e -> e.path("resource").path("prefect.resource.id").asString().equals(resource))
        .map(event -> event.path("payload").path("reason").asString())
        .findFirst()
        .orElse("none");
  }

  private static void resetAll(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        var _ = socket.getInputStream().read();
        socket.setSoLinger(true, 0);
      } catch (IOException closed) {
        return;
      }
    }
  }

  @Test
  void oneThatHangsHoldsUpNobodyElseAndKeepsItsOrder() throws Exception {
    try (WebhookReceiver slow = new WebhookReceiver();
        WebhookReceiver quick = new WebhookReceiver();
        TestDaemon daemon =
            TestDaemon.start(
                folder,
                callsOf(slow.url() + "/hang", quick.url() + "/quick"),
                "webhook_timeout=10m",
                "destination_window=3")) {
      sendTen(daemon);
      assertThat(bodies(quick, 10)).isEqualTo(TEN);
      daemon.await("*.action.executed", 10);
      assertThat(slow.waiting()).as("only the first is under way").isEqualTo(1);
      slow.release();
      assertThat(bodies(slow, 10)).isEqualTo(TEN);
      daemon.await("*.action.executed", 20);
      assertThat(slow.mostAtOnce()).isEqualTo(1);
      assertThat(quick.mostAtOnce()).isEqualTo(1);
    }
  }

  @Test
  void takesTurnsWhereMoreDestinationsWaitThanMayBeCalled() throws Exception {
    try (WebhookReceiver one = new WebhookReceiver();
        WebhookReceiver two = new WebhookReceiver();
        TestDaemon daemon =
            TestDaemon.start(
                folder,
                callsOf(one.url() + "/1", two.url() + "/2"),
                "max_destinations=1",
                "destination_window=1")) {
      sendTen(daemon);
      assertThat(bodies(one, 10)).isEqualTo(TEN);
      assertThat(bodies(two, 10)).isEqualTo(TEN);
      daemon.await("*.action.executed", 20);
    }
  }

  @Test
  void stopsInTimeAndGoesOnAfterARestart() throws Exception {
    Set<String> keys = new HashSet<>();
    try (WebhookReceiver receiver = new WebhookReceiver()) {
      String automations = callsOf(receiver.url() + "/hang");
      int port;
      try (TestDaemon daemon =
          TestDaemon.start(folder, automations, "webhook_timeout=10m", "shutdown_timeout=400ms")) {
        port = daemon.port();
        sendTen(daemon);
        keys.add(receiver.next().key());
      }
      assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
          .isInstanceOf(ConnectException.class);
      receiver.release();
      try (TestDaemon daemon = TestDaemon.start(folder, automations)) {
        WebhookReceiver.Request again = receiver.next();
        assertThat(keys).as("the same call, the same key").containsExactly(again.key());
        assertThat(again.body()).isEqualTo("e0");
        assertThat(bodies(receiver, 9)).isEqualTo(TEN.subList(1, 10));
        daemon.await("*.action.executed", 10);
        assertThat(daemon.events("prefect-cloud.automation.*")).hasSize(30);
        daemon.send(TestDaemon.event("e10", "go", 10));
        assertThat(receiver.next().body()).isEqualTo("e10");
      }
    }
  }

  @Test
  void whatCannotBeReadAnyMoreFailsAndItsLineGoesOn() throws Exception {
    try (WebhookReceiver receiver = new WebhookReceiver()) {
      String automations = callsOf(receiver.url() + "/hang");
      try (TestDaemon daemon =
          TestDaemon.start(folder, automations, "webhook_timeout=10m", "shutdown_timeout=400ms")) {
        sendTen(daemon);
        assertThat(receiver.next().body()).isEqualTo("e0");
      }
      damage("UPDATE invocation SET definition = 'unknown' WHERE position = 1");
      damage("UPDATE invocation SET action = 7 WHERE position = 2");
      damage(
          "UPDATE firing SET body = '{}' WHERE id = (SELECT firing FROM invocation WHERE position ="
              + " 3)");
      receiver.release();
      try (TestDaemon daemon = TestDaemon.start(folder, automations)) {
        assertThat(bodies(receiver, 7)).isEqualTo(TEN.subList(3, 10));
        daemon.await("*.action.executed", 7);
        assertThat(daemon.events("*.action.failed"))
            .hasSize(3)
            .allSatisfy(
                event -> {
                  assertThat(event.path("payload").path("reason").asString())
                      .startsWith("the stored action cannot be executed: ");
                  assertThat(event.path("resource").path("prefect.resource.id").asString())
                      .isEqualTo(
                          "prefect-cloud.automation.call0.action."
                              + event.path("payload").path("action_index").asInt());
                });
      }
    }
  }

  private void damage(String statement) throws Exception {
    Path file = folder.resolve("data").resolve("tocsin.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement sql = connection.createStatement()) {
      assertThat(sql.executeUpdate(statement)).isEqualTo(1);
    }
  }
}
