package dev.tocsin.engine.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The complete example of the README, executed: its shell blocks run in order, in a folder that
 * stands for the clone, where {@code bin/tocsin} starts the classes under test.
 */
class ReadmeTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path clone;

  @Test
  void theCompleteExampleDoesWhatTheReadmeSays() throws Exception {
    Markdown readme = Markdown.page("README.md");
    String receiverPort = Integer.toString(freePort());
    prepare(receiverPort);
    String script = text(readme, "sh", "run").replace("4281", receiverPort);
    List<String> printed = run(script, freePort());

    JsonNode body = JSON.readTree(text(readme, "json", "webhook-body"));
    assertThat(printed)
        .anySatisfy(
            line -> {
              JsonNode received = JSON.readTree(line);
              assertThat(received.path("path").asString()).isEqualTo("/builds");
              assertThat(JSON.readTree(received.path("body").asString())).isEqualTo(body);
            });
    JsonNode recorded = JSON.readTree(text(readme, "json", "recorded"));
    assertThat(printed)
        .anySatisfy(line -> assertHolds(JSON.readTree(line).at("/events/0"), recorded));
  }

  private static String text(Markdown page, String language, String kind) {
    return page.blocks().stream()
        .filter(block -> block.language().equals(language) && block.kind().equals(kind))
        .map(Markdown.Block::text)
        .collect(Collectors.joining("\n"));
  }

  private void prepare(String receiverPort) throws IOException {
    Path example = Path.of("examples/broken-build");
    Files.createDirectories(clone.resolve(example));
    for (String name : List.of("automations.yaml", "tocsin.yaml")) {
      String text = Files.readString(Markdown.root().resolve(example).resolve(name));
      Files.writeString(clone.resolve(example).resolve(name), text.replace("4281", receiverPort));
    }
    Path start = clone.resolve("bin/tocsin");
    Files.createDirectories(clone.resolve("bin"));
    Files.writeString(
        start,
        """
        #!/usr/bin/env bash
        exec "%s/bin/java" --enable-native-access=ALL-UNNAMED -cp '%s' dev.tocsin.engine.Main "$@"
        """
            .formatted(System.getProperty("java.home"), System.getProperty("java.class.path")));
    Files.setPosixFilePermissions(start, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Runs a script to its end and gives the lines that are JSON objects. */
  private List<String> run(String script, int port) throws IOException, InterruptedException {
    Path out = clone.resolve("out.txt");
    Path err = clone.resolve("err.txt");
    String whole =
        "set -eu\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n" + script + "\nwait\n";
    ProcessBuilder bash = new ProcessBuilder("bash", "-c", whole).directory(clone.toFile());
    bash.environment().put("PORT", Integer.toString(port));
    Process process = bash.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    boolean ended = process.waitFor(100, TimeUnit.SECONDS);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    assertThat(ended && process.waitFor() == 0).as(() -> read(err) + read(out)).isTrue();
    return Files.readAllLines(out).stream().filter(line -> line.startsWith("{")).toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Every field of the expected object is in the actual one; objects may hold more. */
  private static void assertHolds(JsonNode actual, JsonNode expected) {
    if (!expected.isObject()) {
      assertThat(actual).isEqualTo(expected);
      return;
    }
    expected
        .properties()
        .forEach(field -> assertHolds(actual.path(field.getKey()), field.getValue()));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
