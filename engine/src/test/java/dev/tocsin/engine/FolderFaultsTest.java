package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.store.Stores;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other programs do to the data folder of a running daemon, and of one that starts. */
class FolderFaultsTest {

  private static final String FIRE =
      """
      - {id: a, name: a, trigger: {expect: [x]}, actions: [{type: do-nothing}]}
      """;

  @TempDir Path folder;

  private Path data() {
    return DaemonProcess.data(folder);
  }

  private Path file(String name) {
    return data().resolve(name);
  }

  private List<String> errors() throws IOException {
    try (Stream<String> lines = Files.lines(DaemonProcess.log(folder))) {
      return lines.filter(line -> line.contains(" ERROR ")).toList();
    }
  }

  private static HttpRequest.Builder request(URI daemon, String path) {
    return HttpRequest.newBuilder(daemon.resolve(path));
  }

  private static CompletableFuture<HttpResponse<String>> post(
      HttpClient http, URI daemon, String id) {
    return http.sendAsync(
        request(daemon, "/api/events")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(TestDaemon.event(id, "x", 1)))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> get(HttpClient http, URI daemon, String path)
      throws Exception {
    return http.send(request(daemon, path).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String awaitReady(HttpClient http, URI daemon, int status) throws Exception {
    HttpResponse<String> answer = get(http, daemon, "/ready?verbose");
    while (answer.statusCode() != status) {
      answer = get(http, daemon, "/ready?verbose");
    }
    return answer.body();
  }

  /** Also if nobody sends anything: it looks each second. */
  @ParameterizedTest
  @ValueSource(strings = {"tocsin.db", "tocsin.db-wal", "lock"})
  void aDaemonWhoseFileIsDeletedSaysSoAndAcknowledgesNothing(String name) throws Exception {
    try (DaemonProcess daemon = DaemonProcess.start(folder, FIRE);
        HttpClient http = HttpClient.newHttpClient()) {
      URI address = Objects.requireNonNull(daemon.address());
      assertThat(post(http, address, "before").join().statusCode()).isEqualTo(204);
      Files.delete(file(name));
      assertThat(awaitReady(http, address, 503))
          .contains("Store unavailable", file(name) + " was deleted or moved while");
      CompletableFuture<HttpResponse<String>> held = post(http, address, "after");
      assertThat(get(http, address, "/health").statusCode()).isEqualTo(200);
      assertThat(errors()).hasSize(1).first().asString().contains(file(name) + " was deleted");
      assertThat(held).isNotDone();
      daemon.process().destroy();
      assertThat(daemon.process().waitFor()).isZero();
    }
    if (!name.equals("tocsin.db")) {
      try (StoredRows rows = new StoredRows(data())) {
        assertThat(rows.ids("SELECT id FROM entry WHERE name = 'x'")).contains("before");
      }
    }
  }

  @Test
  void aFolderThatIsMovedAndBackCostsOnlyTime() throws Exception {
    try (DaemonProcess daemon = DaemonProcess.start(folder, FIRE);
        HttpClient http = HttpClient.newHttpClient()) {
      URI address = Objects.requireNonNull(daemon.address());
      Path moved = Files.move(data(), folder.resolve("moved"));
      awaitReady(http, address, 503);
      CompletableFuture<HttpResponse<String>> held = post(http, address, "meanwhile");
      Files.move(moved, data());
      assertThat(held.join().statusCode()).isEqualTo(204);
      awaitReady(http, address, 200);
      try (StoredRows rows = new StoredRows(data())) {
        assertThat(rows.ids("SELECT id FROM entry WHERE name = 'x'")).containsOnly("meanwhile");
      }
    }
  }

  /** It serves, or it ends; it does not hang. */
  @Test
  void aMarkOfAnySizeOrKindHoldsUpNoStart() throws Exception {
    Files.createDirectories(data());
    try (RandomAccessFile large = new RandomAccessFile(file("alive").toFile(), "rw")) {
      large.setLength(3L << 30);
    }
    try (DaemonProcess daemon = DaemonProcess.start(folder, FIRE)) {
      assertThat(daemon.address()).isNotNull();
    }
    Files.delete(file("alive"));
    assertThat(new ProcessBuilder("mkfifo", file("alive").toString()).start().waitFor()).isZero();
    try (DaemonProcess daemon = DaemonProcess.start(folder, FIRE)) {
      assertThat(daemon.address()).isNotNull();
      daemon.process().destroy();
      assertThat(daemon.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aLogThatWasLostIsToldWithItsEntries() throws Exception {
    Path copy = folder.resolve("copy.db");
    try (TestDaemon daemon = TestDaemon.start(folder, FIRE)) {
      daemon.send(TestDaemon.event("kept", "y", 1));
      Stores.admin(data()).backup(copy);
      for (int i = 0; i < 5; i++) {
        daemon.send(TestDaemon.event("lost-" + i, "y", 2));
      }
    }
    Files.delete(file(Stores.FILE));
    Files.move(copy, file(Stores.FILE));
    try (TestDaemon daemon = TestDaemon.start(folder, FIRE)) {
      assertThat(daemon.await("*.engine.entries.lost", 1).getFirst().path("payload").toString())
          .startsWith("{\"first\":4,\"last\":8,\"noted\":\"");
      assertThat(daemon.get("/ready?verbose").body())
          .contains("Entries 4 to 8 of the journal are missing, and any after ");
      assertThat(daemon.get("/ready").body()).isEqualTo("{\"message\":\"OK\"}");
    }
    try (TestDaemon daemon = TestDaemon.start(folder, FIRE)) {
      assertThat(daemon.get("/ready?verbose").body()).isEqualTo("{\"message\":\"OK\"}");
      assertThat(daemon.events("*.engine.entries.lost")).hasSize(1);
    }
  }
}
