package dev.tocsin.engine.cli;

import dev.tocsin.config.AutomationFiles;
import dev.tocsin.config.settings.EffectiveSettings;
import dev.tocsin.config.settings.SettingsReader;
import dev.tocsin.engine.Daemon;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.JsonNode;

/** {@code tocsin demo}: everything once, on free ports and in a temporary folder. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Starts a daemon with the automations of examples/quickstart and a receiver of webhooks,"
          + " sends 200 recorded events, and prints each firing, webhook and action.",
      "Then the daemon keeps running until Ctrl-C. With --once the demo exits instead: 0 if"
          + " everything happened, else 1."
    })
public final class DemoCommand implements Callable<Integer> {

  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);
  private static final int MAX_POLLS = 600;
  private static final int EXPECTED_FIRINGS = 2;

  @Option(names = "--once", description = "Exit when everything has happened.")
  private boolean once;

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  private CommandSpec spec;

  private final ProcessEnd end;
  private final AtomicInteger received = new AtomicInteger();
  private final Set<String> shown = new LinkedHashSet<>();
  private volatile boolean failed;
  private int fired;
  private int executed;

  /** A command of the process with this end. */
  public DemoCommand(ProcessEnd end) {
    this.end = end;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    // From here on Ctrl-C stops the demo in order: its folder is deleted.
    end.pause(Duration.ZERO);
    Path folder;
    try {
      folder = Files.createTempDirectory("tocsin-demo");
    } catch (IOException e) {
      spec.commandLine().getErr().println("Cannot create a temporary folder: " + FailureText.of(e));
      return 1;
    }
    DisposableServer receiver =
        HttpServer.create().host("127.0.0.1").port(0).handle(this::receive).bindNow();
    try {
      return tell(folder, "http://127.0.0.1:" + receiver.port());
    } finally {
      receiver.disposeNow();
      delete(folder);
    }
  }

  private int tell(Path folder, String receiver) throws IOException, InterruptedException {
    EffectiveSettings settings =
        SettingsReader.read(
            Quickstart.write(folder, receiver),
            Map.of(),
            Map.of(
                "listen", List.of("127.0.0.1:0"),
                "data", List.of(folder.resolve("data").toString())));
    AutomationFiles.ReadAutomations reading =
        AutomationFiles.of(settings).read(settings.settings().engine().automations());
    try (Daemon daemon =
        Daemon.start(
            settings.settings(), reading.automations(), Schedulers.parallel(), this::fail)) {
      URI url = URI.create("http://127.0.0.1:" + daemon.address().getPort());
      line("daemon", url + ", " + reading.automations().automations().size() + " automations");
      line("receiver", receiver);
      boolean complete = sendAndWatch(url);
      return finish(url, complete);
    }
  }

  private boolean sendAndWatch(URI url) throws IOException, InterruptedException {
    try (Client client = new Client(url);
        InputStream events = Quickstart.events()) {
      JsonNode counts = client.stream(events, false).json();
      line("events", counts.path("accepted").asInt() + " accepted");
      for (int polls = 0; polls < MAX_POLLS && !isComplete(); polls++) {
        show(client);
        if (!end.pause(POLL_INTERVAL)) {
          break;
        }
      }
      return isComplete();
    } catch (Client.ClientException failure) {
      spec.commandLine().getErr().println(failure.getMessage());
      return false;
    }
  }

  private int finish(URI url, boolean complete) throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (!complete) {
      spec.commandLine()
          .getErr()
          .printf(
              "The demo is incomplete: %d of %d firings, %d webhooks received, %d actions"
                  + " executed.%n",
              fired, EXPECTED_FIRINGS, received.get(), executed);
      return 1;
    }
    out.println();
    out.printf(
        "Everything happened: %d firings, %d webhooks received, %d actions recorded as events.%n",
        fired, received.get(), executed);
    if (!once) {
      out.printf("The daemon keeps running at %s until Ctrl-C. Try:%n", url);
      out.printf("  bin/tocsin events --url %s%n", url);
      out.printf(
          "  bin/tocsin emit --url %s --event ci.build.failed --resource ci.build.1"
              + " --label ci.branch=main%n",
          url);
      out.flush();
      while (end.pause(Duration.ofHours(1))) {
        out.flush();
      }
    }
    return failed ? 1 : 0;
  }

  private void fail() {
    failed = true;
    end.ask();
  }

  private boolean isComplete() {
    return fired == EXPECTED_FIRINGS && executed == fired && received.get() == fired;
  }

  /** Prints the new events about automations. */
  private void show(Client client) throws Client.ClientException {
    JsonNode events =
        client
            .get("/api/events", Map.of("event", "prefect-cloud.automation.*"))
            .json()
            .path("events");
    for (int i = events.size() - 1; i >= 0; i--) {
      JsonNode event = events.path(i);
      if (shown.add(event.path("id").asString())) {
        show(event);
      }
    }
  }

  private void show(JsonNode event) {
    JsonNode payload = event.path("payload");
    String resource = event.path("resource").path("prefect.resource.id").asString();
    switch (event.path("event").asString()) {
      case "prefect-cloud.automation.triggered" -> {
        fired++;
        line(
            "firing",
            event.path("resource").path("prefect.resource.name").asString()
                + ": "
                + payload.path("reason").asString());
      }
      case "prefect-cloud.automation.action.executed" -> {
        executed++;
        line("executed", resource + " answered " + payload.path("status_code").asInt());
      }
      case "prefect-cloud.automation.action.failed" ->
          line("failed", resource + ": " + payload.path("reason").asString());
      default -> {}
    }
  }

  private Mono<Void> receive(HttpServerRequest request, HttpServerResponse response) {
    return request
        .receive()
        .aggregate()
        .asByteArray()
        .doOnNext(
            body -> {
              received.incrementAndGet();
              line(
                  "webhook",
                  request.method()
                      + " "
                      + request.uri()
                      + " "
                      + new String(body, StandardCharsets.UTF_8).strip().replaceAll("\\s+", " "));
            })
        .then(Mono.defer(() -> response.status(200).send().then()));
  }

  private synchronized void line(String what, String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%-10s%s%n", what, text);
    out.flush();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
