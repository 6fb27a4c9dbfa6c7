package dev.tocsin.engine.cli;

import static dev.tocsin.engine.server.TestServer.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.server.TestServer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import tools.jackson.databind.json.JsonMapper;

class EventsCommandTest {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final TestServer server = TestServer.start();
  private final Queue<Runnable> whilePaused = new ArrayDeque<>();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aTableFitsTheTerminal() {
    server.post(event("an-id").replace("a.b", "x".repeat(100)));
    CommandRun run = events(new Terminal(true, 90));
    assertThat(run.exit()).isZero();
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(2).allMatch(line -> line.length() <= 90);
    assertThat(lines.getFirst()).startsWith("OCCURRED").contains("EVENT", "RESOURCE", "ID");
    assertThat(lines.getLast()).startsWith("2026-11-23T07:00:00Z").contains("xxx…", " r ", "an-id");
  }

  @Test
  void anEmptyTableHasItsHeader() {
    CommandRun run = events(Terminal.NONE);
    assertThat(run.exit()).isZero();
    assertThat(run.out().lines()).singleElement().asString().startsWith("OCCURRED");
  }

  @Test
  void whatATerminalWouldActOnIsNotPrinted() {
    server.post(event("1").replace("a.b", "a\u202eb\u009bc"));
    assertThat(events(Terminal.NONE).out()).contains("a?b?c").doesNotContain("\u202e", "\u009b");
    assertThat(events(Terminal.NONE, "--format=ndjson").out())
        .contains("\"a\\u202eb\\u009bc\"")
        .doesNotContain("\u202e", "\u009b");
  }

  @Test
  void numbersKeepTheirDigits() {
    server.post(event("1").replace("\"event\"", "\"payload\":{\"amount\":129.90},\"event\""));
    assertThat(events(Terminal.NONE, "--format=ndjson").out()).contains("\"amount\":129.90");
  }

  @Test
  void aServerThatIsNoDaemonIsSaid() {
    DisposableServer other =
        HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .handle((request, response) -> response.status(500).send())
            .bindNow();
    String url = "http://127.0.0.1:" + other.port();
    CommandRun run = CommandRun.of(command(Terminal.NONE), "--url", url);
    other.disposeNow();
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .isEqualToIgnoringNewLines(url + " does not answer like a Tocsin daemon (HTTP status 500)");
  }

  @Test
  void ndjsonIsNewestFirstAndPagesAreJoined() {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < 1_200; i++) {
      String at = "T0%d:%02d:%02d.%03dZ".formatted(1 + i / 600, i / 60 % 60, i % 60, i % 1_000);
      list.append(event("e" + i).replace("T07:00:00Z", at)).append('\n');
    }
    server.post(list.toString(), "Content-Type", "application/x-ndjson");
    CommandRun run = events(Terminal.NONE, "--format", "ndjson", "--limit", "1100");
    assertThat(run.out().lines()).hasSize(1_100);
    assertThat(ids(run)).startsWith("e1199").doesNotHaveDuplicates();
    assertThat(
            ids(
                events(
                    Terminal.NONE, "--format=ndjson", "--limit=2", "--since=2026-11-23T02:19:58Z")))
        .containsExactly("e1199", "e1198");
  }

  @Test
  void followShowsEveryEventOnce() {
    server.post("[" + event("old") + "," + event("older").replace("T07", "T06") + "]");
    whilePaused.add(() -> server.post(event("late").replace("T07", "T01")));
    whilePaused.add(() -> {});
    whilePaused.add(
        () -> server.post("[" + event("old") + "," + event("b") + "," + event("c") + "]"));
    CommandRun run = events(Terminal.NONE, "--format", "ndjson", "--follow");
    assertThat(run.exit()).isZero();
    assertThat(ids(run)).containsExactly("older", "old", "late", "b", "c");
  }

  @Test
  void followHoldsToItsFilter() {
    whilePaused.add(
        () -> server.post("[" + event("a") + "," + event("b").replace("a.b", "c.d") + "]"));
    CommandRun run = events(Terminal.NONE, "--format", "ndjson", "--follow", "--event", "c.*");
    assertThat(ids(run)).containsExactly("b");
  }

  @Test
  void aBadFilterIsSaidByItsFlag() {
    CommandRun run = events(Terminal.NONE, "--since", "yesterday");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).startsWith("--since: ").contains("RFC 3339", "yesterday");
  }

  @Test
  void wrongUsageIsTwo() {
    assertThat(events(Terminal.NONE, "--limit", "0").exit()).isEqualTo(2);
    assertThat(events(Terminal.NONE, "--format", "xml").exit()).isEqualTo(2);
    CommandRun ftp = CommandRun.of(command(Terminal.NONE), "--url", "127.0.0.1:4280");
    assertThat(ftp.exit()).isEqualTo(2);
    assertThat(ftp.err())
        .contains("'--url'", "must be an http or https URL", "not '127.0.0.1:4280'")
        .doesNotContain("java.");
  }

  private CommandRun events(Terminal terminal, String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--url";
    all[arguments.length + 1] = server.uri("").toString();
    return CommandRun.of(command(terminal), all);
  }

  private EventsCommand command(Terminal terminal) {
    return new EventsCommand(
        time -> {
          Runnable next = whilePaused.poll();
          if (next != null) {
            next.run();
          }
          return next != null;
        },
        terminal);
  }

  private static List<String> ids(CommandRun run) {
    return run.out().lines().map(line -> MAPPER.readTree(line).get("id").asString()).toList();
  }
}
