package dev.tocsin.engine.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.config.Automation;
import dev.tocsin.config.AutomationFiles;
import dev.tocsin.config.settings.EffectiveSettings;
import dev.tocsin.config.settings.SettingsReader;
import dev.tocsin.engine.Daemon;
import dev.tocsin.triggers.State;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Each example loads without a word, fires as its {@code expected.json} says, and sends that. */
class ExamplesTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String RECEIVER = "127.0.0.1:4281/";
  private static final String NOBODY = "127.0.0.1:4289/";
  private static final String TRIGGERED = "prefect-cloud.automation.triggered";
  private static final String ACTION = "prefect-cloud.automation.action.";

  @TempDir Path folder;

  static List<Path> examples() throws IOException {
    try (Stream<Path> folders = Files.list(Markdown.root().resolve("examples"))) {
      return folders.filter(Files::isDirectory).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void firesAsItSays(Path example) throws Exception {
    JsonNode expected = JSON.readTree(Files.readString(example.resolve("expected.json")));
    try (Receiver receiver = new Receiver()) {
      EffectiveSettings effective = settings(example, receiver.port());
      AutomationFiles.ReadAutomations reading =
          AutomationFiles.of(effective).read(effective.settings().engine().automations());
      assertThat(effective.problems()).isEmpty();
      assertThat(reading.problems()).isEmpty();
      try (Daemon daemon =
              Daemon.start(
                  effective.settings(), reading.automations(), Schedulers.parallel(), () -> {});
          HttpClient http = HttpClient.newHttpClient()) {
        Sender sender = new Sender(http, "http://127.0.0.1:" + daemon.address().getPort());
        List<String> events = Files.readAllLines(example.resolve("events.ndjson"));
        sender.stream(events);

        List<Automation> automations = reading.automations().automations();
        sender.awaitActions(actionsOf(expected.path("firings"), automations));
        assertThat(sender.firings()).isEqualTo(counts(expected.path("firings")));
        assertThat(received(receiver)).isEqualTo(webhooks(expected.path("webhooks")));

        sender.stream(events.stream().map(ExamplesTest::again).toList());
        for (JsonNode paused : expected.path("paused")) {
          String name = paused.asString();
          assertThat(sender.firings().get(name))
              .as("%s is paused", name)
              .isEqualTo(expected.path("firings").path(name).asInt());
        }
      }
    }
  }

  private EffectiveSettings settings(Path example, int port) throws IOException {
    Files.copy(example.resolve("automations.yaml"), folder.resolve("automations.yaml"));
    String text =
        Files.readString(example.resolve("tocsin.yaml"))
            .replace(RECEIVER, "127.0.0.1:" + port + "/")
            .replace(NOBODY, "127.0.0.1:" + closedPort() + "/");
    Path file = folder.resolve("tocsin.yaml");
    Files.writeString(file, text);
    Map<String, List<String>> flags =
        Map.of(
            "listen", List.of("127.0.0.1:0"),
            "data", List.of(folder.resolve("data").toString()));
    return SettingsReader.read(file, Map.of(), flags);
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static int actionsOf(JsonNode firings, List<Automation> automations) {
    return automations.stream()
        .mapToInt(
            automation ->
                automation.actions().on(State.TRIGGERED).size()
                    * firings.path(automation.name()).asInt())
        .sum();
  }

  private static Map<String, Integer> counts(JsonNode firings) {
    Map<String, Integer> counts = new TreeMap<>();
    firings.properties().forEach(entry -> counts.put(entry.getKey(), entry.getValue().asInt()));
    return counts;
  }

  private static List<JsonNode> received(Receiver receiver) {
    return receiver.requests().stream()
        .map(
            request -> {
              ObjectNode webhook = JSON.createObjectNode().put("path", request.path());
              webhook.set("body", JSON.readTree(request.body()));
              return (JsonNode) webhook;
            })
        .toList();
  }

  private static List<JsonNode> webhooks(JsonNode expected) {
    return expected.valueStream().toList();
  }

  /** The same event once more, under another id. */
  private static String again(String line) {
    ObjectNode event = (ObjectNode) JSON.readTree(line);
    return event.put("id", event.path("id").asString() + "-again").toString();
  }

  /** Talks to a daemon. */
  private record Sender(HttpClient http, String url) {

    void stream(List<String> events) throws IOException, InterruptedException {
      JsonNode answer = post("application/x-ndjson", String.join("\n", events));
      assertThat(answer.path("accepted").asInt()).as("%s", answer).isEqualTo(events.size());
    }

    /** Asks until so many actions have ended, and what followed from their events is evaluated. */
    void awaitActions(int count) throws IOException, InterruptedException {
      int ended = 0;
      while (ended < count) {
        ended = names(ACTION + "executed").size() + names(ACTION + "failed").size();
      }
      assertThat(ended).isEqualTo(count);
      String fence =
          """
          {"id": "fence", "occurred": "2025-06-03T00:00:00Z", "event": "test.fence",
           "resource": {"prefect.resource.id": "test.fence"}}\
          """;
      post("application/json", fence);
    }

    /** How often each automation fired. */
    Map<String, Integer> firings() throws IOException, InterruptedException {
      Map<String, Integer> firings = new TreeMap<>();
      for (String name : names(TRIGGERED)) {
        firings.merge(name, 1, Integer::sum);
      }
      return firings;
    }

    /** The names of the resources of all events that a pattern fits. */
    private List<String> names(String pattern) throws IOException, InterruptedException {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url + "/api/events?limit=1000&event=" + pattern))
              .build();
      List<String> names = new ArrayList<>();
      JsonNode page = JSON.readTree(http.send(request, text()).body());
      for (JsonNode event : page.required("events")) {
        names.add(event.path("resource").path("prefect.resource.name").asString(""));
      }
      return names;
    }

    private JsonNode post(String type, String body) throws IOException, InterruptedException {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url + "/api/events"))
              .header("Content-Type", type)
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      HttpResponse<String> response = http.send(request, text());
      assertThat(response.statusCode()).as(response.body()).isBetween(200, 204);
      return response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
    }

    private static HttpResponse.BodyHandler<String> text() {
      return HttpResponse.BodyHandlers.ofString();
    }
  }
}
