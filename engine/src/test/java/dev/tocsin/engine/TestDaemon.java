package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.config.AutomationFiles;
import dev.tocsin.config.settings.EffectiveSettings;
import dev.tocsin.config.settings.SettingsReader;
import dev.tocsin.engine.pipeline.EngineRequests;
import dev.tocsin.engine.pipeline.Outlet;
import dev.tocsin.engine.reload.DaemonConfiguration;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.Stores;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A daemon in a folder, and a client that talks to it over its real port. */
final class TestDaemon implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Daemon daemon;
  private final HttpClient http = HttpClient.newHttpClient();
  private final CountDownLatch failed = new CountDownLatch(1);

  private TestDaemon(
      Supplier<EffectiveSettings> source, Scheduler timers, UnaryOperator<Store> storeOf) {
    EffectiveSettings effective = source.get();
    AutomationFiles.ReadAutomations reading =
        AutomationFiles.of(effective).read(effective.settings().engine().automations());
    assertThat(effective.problems()).isEmpty();
    assertThat(reading.problems()).isEmpty();
    daemon =
        Daemon.start(
            new DaemonConfiguration(effective, reading.automations(), source, true),
            storeOf.apply(Stores.open(effective.settings().store().data())),
            timers,
            failed::countDown);
  }

  /** Starts one on {@code data} of the folder, with settings as {@code key=value}. */
  static TestDaemon start(Path folder, String automations, String... settings) throws IOException {
    return start(folder, automations, Schedulers.parallel(), store -> store, settings);
  }

  static TestDaemon start(
      Path folder,
      String automations,
      Scheduler timers,
      UnaryOperator<Store> storeOf,
      String... settings)
      throws IOException {
    Path file =
        Files.writeString(folder.resolve("automations.yaml"), "automations:\n" + automations);
    Path config = Files.writeString(folder.resolve("tocsin.yaml"), "automations: [" + file + "]");
    Map<String, List<String>> flags = new HashMap<>();
    flags.put("listen", List.of("127.0.0.1:0"));
    flags.put("data", List.of(folder.resolve("data").toString()));
    for (String setting : settings) {
      String[] keyAndValue = setting.split("=", 2);
      flags.put(keyAndValue[0], List.of(keyAndValue[1]));
    }
    return new TestDaemon(() -> SettingsReader.read(config, Map.of(), flags), timers, storeOf);
  }

  /** An event as JSON, occurred at second so many of an hour. */
  static String event(String id, String name, int second) {
    return """
    {"id": "%s", "occurred": "2026-01-02T03:%02d:%02dZ", "event": "%s",\
     "resource": {"prefect.resource.id": "shop.1"}}\
    """
        .formatted(id, second / 60, second % 60, name);
  }

  int port() {
    return daemon.address().getPort();
  }

  /** Posts a list or an event; the answer's status. */
  int post(String json) throws IOException, InterruptedException {
    return http.send(request("/api/events", json), text()).statusCode();
  }

  CompletableFuture<HttpResponse<String>> postLater(String json) {
    return http.sendAsync(request("/api/events", json), text());
  }

  /** Posts nothing to a path. */
  HttpResponse<String> postTo(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.noBody()).build(),
        text());
  }

  /** Takes an event in for certain. */
  void send(String json) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request("/api/events", json), text());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(uri(path)).build(), text());
  }

  /** The events whose name fits a pattern, in the order in which they were taken in. */
  List<JsonNode> events(String pattern) throws IOException, InterruptedException {
    String query = URLEncoder.encode(pattern, StandardCharsets.UTF_8);
    JsonNode page = JSON.readTree(get("/api/events?limit=1000&event=" + query).body());
    List<JsonNode> events = new ArrayList<>(page.required("events").valueStream().toList());
    return events.reversed();
  }

  /** How many events have a name that fits a pattern. */
  int total(String pattern) throws IOException, InterruptedException {
    String query = URLEncoder.encode(pattern, StandardCharsets.UTF_8);
    return JSON.readTree(get("/api/events?limit=1&event=" + query).body()).path("total").asInt();
  }

  /** A page of the journal after an entry: its events whose name fits, and its last entry. */
  JsonNode journal(long after, String pattern) throws IOException, InterruptedException {
    String query = URLEncoder.encode(pattern, StandardCharsets.UTF_8);
    return JSON.readTree(get("/api/journal?limit=1000&after=" + after + "&event=" + query).body());
  }

  /** The same, asked again until there are so many. */
  List<JsonNode> await(String pattern, int count) throws IOException, InterruptedException {
    List<JsonNode> events = events(pattern);
    while (events.size() < count) {
      events = events(pattern);
    }
    return events;
  }

  /** Waits until the status of a path is this one. */
  void awaitStatus(String path, int status) throws IOException, InterruptedException {
    int answered = get(path).statusCode();
    while (answered != status) {
      answered = get(path).statusCode();
    }
  }

  EngineRequests requests() {
    return daemon.requests();
  }

  Outlet outlet() {
    return daemon.outlet();
  }

  void awaitFailure() throws InterruptedException {
    failed.await();
  }

  @Override
  public void close() {
    daemon.close();
    http.close();
  }

  private HttpRequest request(String path, String json) {
    return HttpRequest.newBuilder(uri(path))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(json))
        .build();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  private static HttpResponse.BodyHandler<String> text() {
    return HttpResponse.BodyHandlers.ofString();
  }
}
