package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.cli.RunCommand;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.Stores;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * {@code tocsin run} where it cannot start: one clear line a reason, exit 1, nothing left behind.
 */
class RunCommandTest {

  private static final String GOOD =
      """
      automations:
        - {id: a, name: a, trigger: {expect: [x]}, actions: [{type: do-nothing}]}
      """;

  @TempDir Path folder;

  private record Ended(int code, String out, String err) {}

  private Ended run(String automations, String listen) throws Exception {
    Path file = Files.writeString(folder.resolve("automations.yaml"), automations);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = new CommandLine(new RunCommand(Map.of(), _ -> {}));
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    int code =
        line.execute(
            "--listen",
            listen,
            "--data",
            folder.resolve("data").toString(),
            "--automations",
            file.toString());
    return new Ended(code, out.toString(), err.toString());
  }

  @Test
  void refusesAFolderThatAnotherDaemonUses() throws Exception {
    try (TestDaemon daemon = TestDaemon.start(folder, "  []")) {
      Ended ended = run(GOOD, "127.0.0.1:0");
      assertThat(ended.code()).isEqualTo(1);
      assertThat(ended.err().lines())
          .singleElement()
          .asString()
          .startsWith("The data folder " + folder.resolve("data") + " is in use by");
      assertThat(daemon.get("/ready").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void saysThatThePortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Ended ended = run(GOOD, "127.0.0.1:" + taken.getLocalPort());
      assertThat(ended.code()).isEqualTo(1);
      assertThat(ended.err().lines())
          .singleElement()
          .asString()
          .startsWith("Cannot listen on 127.0.0.1:" + taken.getLocalPort() + ": ")
          .contains("address in use");
    }
    assertThat(run(GOOD.replace("[x]", "[x"), "127.0.0.1:0").err())
        .as("and gave the folder back")
        .contains("The daemon was not started.");
    try (TestDaemon daemon = TestDaemon.start(folder, "  []")) {
      assertThat(daemon.get("/ready").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aStartThatFailsChangesNothingInTheStore() throws Exception {
    try (TestDaemon daemon = TestDaemon.start(folder, GOOD.substring(GOOD.indexOf("  -")))) {
      daemon.send(TestDaemon.event("e1", "y", 1));
    }
    Map<String, String> before = stored();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(run("automations: []", "127.0.0.1:" + taken.getLocalPort()).code()).isEqualTo(1);
    }
    assertThat(stored()).isEqualTo(before);
  }

  @Test
  void aStartThatWouldRemoveAllAutomationsIsRefusedUnlessAllowed() throws Exception {
    try (TestDaemon daemon = TestDaemon.start(folder, GOOD.substring(GOOD.indexOf("  -")))) {
      daemon.send(TestDaemon.event("e1", "y", 1));
    }
    Map<String, String> before = stored();
    Ended ended = run("automations: []", "127.0.0.1:0");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .contains("all 1 in force would be removed with their state: a.")
        .contains("--allow-empty");
    assertThat(stored()).isEqualTo(before);
    try (DaemonProcess daemon =
        DaemonProcess.start(folder, "  []", builder -> builder.command().add("--allow-empty"))) {
      assertThat(daemon.address()).isNotNull();
      assertThat(DaemonProcess.log(folder)).content().contains("declared by start: 1 removed.");
    }
  }

  /** The journal, the checkpoint, own events and the mark of being alive, as texts. */
  private Map<String, String> stored() {
    try (Store store = Stores.open(folder.resolve("data"))) {
      return Map.of(
          "journal",
          store.entries(0, 1_000).toString(),
          "checkpoint",
          String.valueOf(store.checkpoint()),
          "feedback",
          store.feedback(0, 1_000).toString(),
          "alive",
          String.valueOf(store.alive()));
    }
  }

  @Test
  void saysThatTheHostIsUnknown() throws Exception {
    Ended ended = run(GOOD, "no-such-host.invalid:0");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err().lines()).singleElement().asString().contains("no-such-host.invalid");
  }

  @Test
  void listsAllProblemsAndStartsNothing() throws Exception {
    Ended ended =
        run(
            """
            automations:
              - {name: a, trigger: {expct: [x]}, actions: [{type: do-nothing}]}
              - {name: b, trigger: {expect: [x], threshold: 0}, actions: [{type: do-nothng}]}
            """,
            "127.0.0.1:0");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err())
        .contains("expct")
        .contains("threshold")
        .contains("do-nothng")
        .endsWith("The daemon was not started.\n")
        .doesNotContain("\tat ");
    assertThat(ended.out()).isEmpty();
    assertThat(folder.resolve("data")).doesNotExist();
  }
}
