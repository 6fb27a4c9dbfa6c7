package dev.tocsin.engine.cli;

import static dev.tocsin.engine.server.TestServer.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.server.TestServer;
import dev.tocsin.triggers.Event;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmitCommandTest {

  private final TestServer server = TestServer.start();
  private final AtomicInteger nextId = new AtomicInteger();
  @TempDir private Path folder = Path.of("");

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void oneEventFromFlags() {
    CommandRun run =
        emit(
            "",
            "--event",
            "order.shipped",
            "--resource",
            "order.1",
            "--label",
            "region=eu=1",
            "--label",
            "prefect.resource.name=One",
            "--related",
            "customer=c.1",
            "--payload",
            "{\"n\": 1.50}",
            "--follows",
            "before");
    assertThat(run).isEqualTo(new CommandRun(0, line(1, 1, 0, 0), ""));
    Event event = server.store.all().getFirst();
    assertThat(event.id()).isEqualTo("id-1");
    assertThat(event.occurred()).isEqualTo(TestServer.NOW);
    assertThat(event.name()).isEqualTo("order.shipped");
    assertThat(event.resource().id()).isEqualTo("order.1");
    assertThat(event.resource().labels().get("region")).isEqualTo("eu=1");
    assertThat(event.related()).singleElement().matches(r -> r.role().equals("customer"));
    assertThat(event.payload().toString()).isEqualTo("{\"n\": 1.50}");
    assertThat(event.follows()).isEqualTo("before");
  }

  @Test
  void aGivenIdAndTimeAreKept() {
    emit(
        "",
        "--event",
        "a",
        "--resource",
        "r",
        "--id",
        "mine",
        "--occurred",
        "2026-01-01T00:00:00+01:00");
    Event event = server.store.all().getFirst();
    assertThat(event.id()).isEqualTo("mine");
    assertThat(event.occurred()).isEqualTo("2025-12-31T23:00:00Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--file=%s", "--gzip --file=%s"})
  void aFileIsSentAndSentAgain(String flags) throws IOException {
    String lines =
        IntStream.range(0, 3_000).mapToObj(i -> event("e" + i)).collect(Collectors.joining("\n"));
    Path file = Files.writeString(folder.resolve("events.ndjson"), lines);
    String[] arguments = flags.formatted(file).split(" ");
    assertThat(emit("", arguments)).isEqualTo(new CommandRun(0, line(3_000, 3_000, 0, 0), ""));
    assertThat(emit("", arguments)).isEqualTo(new CommandRun(0, line(3_000, 0, 3_000, 0), ""));
  }

  @Test
  void eventsWithoutAnIdGetOne() {
    String input =
        event("1").replace("\"id\":\"1\",", "")
            + "\n  "
            + event("2").replace("\"id\":\"2\",", "").replace("\"r\"", "\"é\"")
            + "\n\n"
            + event("3")
                .replace("\"event\"", "\"payload\":{\"id\":5},\"event\"")
                .replace("\"id\":\"3\",", "")
            + "\n"
            + event("kept");
    assertThat(emit(input, "--file", "-")).isEqualTo(new CommandRun(0, line(4, 4, 0, 0), ""));
    assertThat(server.store.all().stream().map(Event::id))
        .containsExactly("id-1", "id-2", "id-3", "kept");
  }

  @Test
  void problemsAreListedWithTheirLine() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("bad.ndjson"), event("1") + "\n\n{}\n{bad\n" + event("2") + "\n");
    CommandRun run = emit("", "--file", file.toString());
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out()).isEqualTo(line(4, 2, 0, 2));
    assertThat(run.err().lines())
        .anyMatch(l -> l.startsWith(file + ":3  $.occurred  "))
        .anyMatch(l -> l.startsWith(file + ":4  $  Not JSON"));
  }

  @Test
  void aMisspelledFieldIsAWarningAndTheEventIsAccepted() {
    String input = event("1") + "\n" + event("2").replace("\"event\":", "\"paylod\":{},\"event\":");
    CommandRun run = emit(input, "--file", "-");
    assertThat(run.exit()).isZero();
    assertThat(run.out()).isEqualTo(line(2, 2, 0, 0));
    assertThat(run.err())
        .isEqualTo("stdin:2  warning: $.paylod  Unknown field, ignored; did you mean payload?\n");
  }

  @Test
  void aDaemonThatIsNotThereIsSaidInOneLine() {
    String url = "http://127.0.0.1:" + server.port();
    server.close();
    CommandRun run =
        CommandRun.of(command("", Terminal.NONE), "--url", url, "--event", "a", "--resource", "r");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .isEqualToIgnoringNewLines("Cannot connect to " + url + ": is a daemon running there?");
  }

  @Test
  void aStoppingDaemonIsSaid() {
    server.api.refuse();
    CommandRun run = emit("", "--event", "a", "--resource", "r");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("Service Unavailable");
  }

  @Test
  void aPayloadKeepsItsDigitsAndMaySpanLines() {
    String payload = "{\n \"amount\": 129.90,\r\n \"n\": 1e2}";
    CommandRun run = emit("", "--event=a", "--resource=r", "--payload", payload);
    assertThat(run).isEqualTo(new CommandRun(0, line(1, 1, 0, 0), ""));
    assertThat(server.store.all().getFirst().payload().toString())
        .contains("\"amount\": 129.90", "1e2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"events.ndjson.gz", "events.ndjson"})
  void aCompressedFileIsReadWhateverItsName(String name) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream packed = new GZIPOutputStream(Files.newOutputStream(file))) {
      packed.write((event("1") + "\n" + event("2") + "\n").getBytes(StandardCharsets.UTF_8));
    }
    assertThat(emit("", "--file", file.toString()))
        .isEqualTo(new CommandRun(0, line(2, 2, 0, 0), ""));
  }

  @Test
  void aTruncatedCompressedFileIsSaidInWords() throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    try (OutputStream packed = new GZIPOutputStream(whole)) {
      packed.write((event("1") + "\n" + event("2") + "\n").getBytes(StandardCharsets.UTF_8));
    }
    Path file = folder.resolve("cut.gz");
    Files.write(file, Arrays.copyOf(whole.toByteArray(), whole.size() - 12));
    CommandRun run = emit("", "--file", file.toString());
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).isEqualToIgnoringNewLines("Cannot read the input: truncated gzip file");
  }

  @Test
  void oneDuplicateIsInTheSingular() {
    assertThat(emit(event("1") + "\n" + event("1"), "--file", "-").out())
        .isEqualToIgnoringNewLines("2 sent, 1 accepted, 1 duplicate, 0 refused");
  }

  @Test
  void aMissingFileIsSaid() {
    CommandRun run = emit("", "--file", folder.resolve("none").toString());
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("none: no such file or folder").doesNotContain("Exception");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--event a",
        "--file x --event a --resource r",
        "--event a --resource r --related nobody",
        "--event a --resource r --label nothing",
        "--event a --resource r --payload [1]",
        "--event a --resource r --payload {",
        "--nonsense"
      })
  void wrongUsageIsTwo(String arguments) {
    CommandRun run = emit("", arguments.isEmpty() ? new String[0] : arguments.split(" "));
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).isNotEmpty().doesNotContain("\tat ");
  }

  @Test
  void aTerminalSeesTheProgress() {
    String input =
        IntStream.range(0, 600).mapToObj(i -> event("e" + i)).collect(Collectors.joining("\n"));
    CommandRun run =
        CommandRun.of(command(input, new Terminal(true, 60)), "--url", url(), "--file", "-");
    assertThat(run.err()).contains("\r256 sent", "\r512 sent");
    assertThat(run.out()).isEqualTo(line(600, 600, 0, 0));
  }

  private CommandRun emit(String input, String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "--url";
    all[1] = url();
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return CommandRun.of(command(input, Terminal.NONE), all);
  }

  private String url() {
    return server.uri("").toString();
  }

  private EmitCommand command(String input, Terminal terminal) {
    return new EmitCommand(
        () -> "id-" + nextId.incrementAndGet(),
        InstantSource.fixed(TestServer.NOW),
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
        terminal);
  }

  private static String line(int sent, int accepted, int duplicates, int refused) {
    return "%d sent, %d accepted, %d duplicates, %d refused%n"
        .formatted(sent, accepted, duplicates, refused);
  }
}
