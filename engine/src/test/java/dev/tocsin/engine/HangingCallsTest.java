package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Receivers that accept a call and never read it, in a heap that cannot hold all of these calls.
 */
@Tag("long")
class HangingCallsTest {

  private static final int HANGING = 200;
  private static final int STARTS = 3;
  private static final String HOST = "localhost";

  @TempDir Path folder;

  /** A way to write the host, one of as many as it has bits: each is a destination of its own. */
  private static String host(int number) {
    StringBuilder host = new StringBuilder();
    for (int i = 0; i < HOST.length(); i++) {
      char c = HOST.charAt(i);
      host.append((number >> i & 1) == 0 ? c : Character.toUpperCase(c));
    }
    return host.toString();
  }

  private static String automations(int hanging, String large, String small) {
    StringBuilder actions =
        new StringBuilder("- id: all\n  name: all\n  trigger: {expect: [large]}\n  actions:\n");
    for (int i = 0; i < HANGING; i++) {
      actions.append(
          "  - {type: call-webhook, url: 'http://%s:%d/'}\n".formatted(host(i), hanging));
    }
    actions.append("  - {type: call-webhook, url: '%s'}\n".formatted(large));
    actions.append(
        """
        - id: small
          name: small
          trigger: {expect: [small]}
          actions: [{type: call-webhook, url: '%s'}]
        """
            .formatted(small));
    return actions.toString();
  }

  private static void heap(ProcessBuilder daemon, int megabytes) {
    List<String> command = new ArrayList<>(daemon.command());
    if (command.getFirst().endsWith("java")) {
      command.addAll(1, List.of("-Xmx" + megabytes + "m", "-XX:+ExitOnOutOfMemoryError"));
      daemon.command(command);
    } else {
      daemon.environment().put("TOCSIN_JAVA_OPTS", "-Xmx" + megabytes + "m");
    }
  }

  private static void send(URI daemon, String id, String name, String payload) throws Exception {
    String event =
        """
        {"id": "%s", "occurred": "2026-01-01T00:00:00Z", "event": "%s",
         "resource": {"prefect.resource.id": "r"}, "payload": %s}
        """
            .formatted(id, name, payload);
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(daemon.resolve("/api/events"))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(event))
              .build();
      assertThat(http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(204);
    }
  }

  /** A call that was made before a kill may be made again. */
  private static void awaitCall(WebhookReceiver receiver, String event) throws Exception {
    String body = "";
    while (!body.contains("\"id\":\"" + event + "\"")) {
      body = receiver.next().body();
    }
  }

  private DaemonProcess start(String automations, int megabytes) throws IOException {
    return DaemonProcess.start(
        folder, automations, daemon -> heap(daemon, megabytes), "webhook_timeout=2s");
  }

  private static IntStream heaps() {
    return TestHeaps.megabytes("tocsin.heaps");
  }

  @ParameterizedTest
  @MethodSource("heaps")
  @Timeout(600)
  void holdUpNobodyElseAndEndNoStart(int megabytes) throws Exception {
    try (ServerSocket hanging = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        WebhookReceiver large = new WebhookReceiver();
        WebhookReceiver small = new WebhookReceiver()) {
      String automations = automations(hanging.getLocalPort(), large.url(), small.url());
      String text = "{\"text\": \"" + "x".repeat(1_400_000) + "\"}";
      for (int i = 0; i < STARTS; i++) {
        try (DaemonProcess daemon = start(automations, megabytes)) {
          URI address = Objects.requireNonNull(daemon.address(), "it ended before it served");
          if (i == 0) {
            send(address, "large", "large", text);
          }
          send(address, "small" + i, "small", "{}");
          awaitCall(small, "small" + i);
          assertThat(daemon.process().isAlive()).isTrue();
        }
      }
      try (DaemonProcess daemon = start(automations, megabytes)) {
        Objects.requireNonNull(daemon.address(), "it ended before it served");
        assertThat(large.next().body()).hasSizeGreaterThan(1_400_000);
        assertThat(daemon.process().isAlive()).isTrue();
      }
    }
  }
}
