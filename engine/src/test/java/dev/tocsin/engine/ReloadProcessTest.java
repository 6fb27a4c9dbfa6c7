package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.cli.ReloadCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/** Reloads of a daemon that is a process of its own, and restarts of it with other files. */
class ReloadProcessTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;

  private static String counting(int threshold) {
    return """
    - id: a
      name: the a
      trigger: {expect: [go], threshold: %d, within: 1d}
      actions: [{type: do-nothing}]
    """
        .formatted(threshold);
  }

  @Test
  void aHangUpReloadsAndDoesNotEndTheDaemon() throws Exception {
    try (Child child = new Child(folder, counting(3))) {
      child.send(1, 2);
      DaemonProcess.write(folder, counting(1));
      child.hangUp();
      child.await("*.automation.updated", 1);
      assertThat(child.total("*.automation.triggered")).isZero();
      DaemonProcess.write(folder, "  none");
      child.hangUp();
      child.await("*.engine.reload.failed", 1);
      child.send(3, 3);
      child.await("*.automation.triggered", 1);
      assertThat(DaemonProcess.log(folder)).content().contains("Reloaded by SIGHUP.");
    }
  }

  @Test
  void theCommandPrintsThePlanAndTheProblems() throws Exception {
    try (Child child = new Child(folder, counting(3))) {
      child.send(1, 2);
      DaemonProcess.write(folder, counting(1));
      assertThat(child.reload(0, "--dry-run"))
          .isEqualTo(
              """
              reset        the a (a), 1 key
              kept         0 automations
              Dry run: nothing was changed.
              """);
      assertThat(child.total("*.automation.updated")).isZero();
      assertThat(child.reload(0)).endsWith("Reloaded.\n");
      assertThat(child.reload(0)).isEqualTo("kept         1 automation\nReloaded.\n");
      DaemonProcess.write(folder, counting(1).replace("threshold", "treshold"));
      assertThat(child.reload(1)).contains("automations.yaml:4:").contains("threshold");
      DaemonProcess.write(folder, "  []");
      assertThat(child.reload(1)).contains("the a");
      assertThat(child.reload(0, "--allow-empty")).contains("removed ");
    }
  }

  @Test
  void aRestartWithOtherFilesEvaluatesWhatCameBeforeWithTheOldOnes() throws Exception {
    try (Child child = new Child(folder, counting(3))) {
      child.send(1, 5);
      child.await("*.automation.triggered", 1);
    }
    try (Child child = new Child(folder, counting(1))) {
      child.await("*.automation.updated", 1);
      child.send(6, 6);
      child.await("*.automation.triggered", 2);
      assertThat(child.total("*.automation.triggered")).isEqualTo(2);
    }
    assertThat(DaemonProcess.log(folder)).content().contains("declared by start: 1 reset.");
  }

  /** A daemon in a process of its own, and a client that talks to it; killed in the end. */
  private static final class Child implements AutoCloseable {

    private final DaemonProcess daemon;
    private final URI address;
    private final HttpClient http = HttpClient.newHttpClient();

    Child(Path folder, String automations) throws IOException {
      daemon = DaemonProcess.start(folder, automations);
      address = Objects.requireNonNull(daemon.address(), "it ended before it served");
    }

    /** Sends events numbered from the first to the last. */
    void send(int first, int last) throws IOException, InterruptedException {
      for (int i = first; i <= last; i++) {
        HttpRequest request =
            HttpRequest.newBuilder(address.resolve("/api/events"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(TestDaemon.event("e" + i, "go", i)))
                .build();
        assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
            .isEqualTo(204);
      }
    }

    void hangUp() throws IOException, InterruptedException {
      String command = "kill -HUP " + daemon.process().pid();
      assertThat(new ProcessBuilder("sh", "-c", command).start().waitFor()).isZero();
    }

    /** What {@code tocsin reload} prints, to either stream. */
    String reload(int exit, String... options) {
      StringWriter printed = new StringWriter();
      CommandLine line = new CommandLine(new ReloadCommand());
      line.setOut(new PrintWriter(printed)).setErr(new PrintWriter(printed));
      String[] arguments = new String[options.length + 2];
      arguments[0] = "--url";
      arguments[1] = address.toString();
      System.arraycopy(options, 0, arguments, 2, options.length);
      assertThat(line.execute(arguments)).as(printed.toString()).isEqualTo(exit);
      return printed.toString();
    }

    int total(String pattern) throws IOException, InterruptedException {
      String query = URLEncoder.encode(pattern, StandardCharsets.UTF_8);
      HttpRequest request =
          HttpRequest.newBuilder(address.resolve("/api/events?limit=1&event=" + query)).build();
      return JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body())
          .path("total")
          .asInt();
    }

    /** Waits until at least this many events have a name that fits. */
    void await(String pattern, int count) throws IOException, InterruptedException {
      while (total(pattern) < count) {
        assertThat(daemon.process().isAlive()).isTrue();
      }
    }

    @Override
    public void close() {
      daemon.close();
      http.close();
    }
  }
}
