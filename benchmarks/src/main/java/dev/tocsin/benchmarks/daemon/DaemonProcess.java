package dev.tocsin.benchmarks.daemon;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code tocsin run} as a process of its own on a free port, and a client that talks to it. */
final class DaemonProcess implements AutoCloseable {

  private static final Pattern SERVES = Pattern.compile("serves (http:\\S+)");
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final long POLL_MILLIS = 10;
  private static final long END_SECONDS = 60;

  private final Process process;
  private final URI url;
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * Starts it and waits until it serves.
   *
   * @param home of the clone
   * @param folder where it stores
   * @param automations their file
   * @param log where it writes
   * @param options of its virtual machine
   * @param settings each as {@code key=value}
   */
  DaemonProcess(
      Path home, Path folder, Path automations, Path log, String options, String... settings)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(home.resolve("bin/tocsin").toString(), "run"));
    command.addAll(List.of("--listen", "127.0.0.1:0", "--data", folder.toString()));
    command.addAll(List.of("--automations", automations.toString()));
    for (String setting : settings) {
      command.addAll(List.of("--set", setting));
    }
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("TOCSIN_JAVA_OPTS", options);
    process = builder.start();
    url = awaitUrl(log);
  }

  private URI awaitUrl(Path log) throws IOException, InterruptedException {
    Matcher serves = SERVES.matcher(Files.readString(log));
    while (!serves.find()) {
      if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new IOException("the daemon did not start: " + Files.readString(log));
      }
      serves = SERVES.matcher(Files.readString(log));
    }
    return URI.create(serves.group(1));
  }

  /** Sends events, one a line, all of which must be new to it. */
  void send(int count, String lines) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(url.resolve("/api/events"))
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(lines))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    JsonNode json = JSON.readTree(answer.body());
    if (answer.statusCode() != 200 || json.path("accepted").asInt() != count) {
      throw new IOException(count + " events sent, and answered was " + answer.body());
    }
  }

  /** What a path answers, as JSON. */
  JsonNode json(String path) throws IOException, InterruptedException {
    return JSON.readTree(get(path));
  }

  /** A number of {@code /metrics}, 0 where it is not there yet. */
  long meter(String name) throws IOException, InterruptedException {
    return get("/metrics")
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  private String get(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(url.resolve(path)).build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(path + " answers " + answer.statusCode() + ": " + answer.body());
    }
    return answer.body();
  }

  /** Waits until it is ready to take events. */
  void awaitReady() throws IOException, InterruptedException {
    HttpRequest ready = HttpRequest.newBuilder(url.resolve("/ready")).build();
    while (http.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() != 200) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Kills it, as {@code kill -9} does, and waits until it is gone. */
  void kill() {
    http.close();
    process.destroyForcibly().onExit().join();
  }

  /** Asks it to end, and waits until it has. */
  @Override
  public void close() {
    http.close();
    process.destroy();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
