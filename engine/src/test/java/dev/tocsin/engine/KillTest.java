package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.Stores;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real daemon, killed again and again at random instants while clients send at full rate,
 * against one that is never killed and gets the same events. {@code -Dtocsin.kill.rounds} says how
 * often, {@code -Dtocsin.kill.seed} when.
 */
@Tag("long")
class KillTest {

  private static final int ROUNDS = Integer.getInteger("tocsin.kill.rounds", 3);
  private static final long SEED = Long.getLong("tocsin.kill.seed", new Random().nextLong());
  private static final int CLIENTS = 4;

  /** Longest that a daemon lives before it is killed. */
  private static final int LONGEST_LIFE_MILLIS = 3_000;

  /** Number of journal entries read together. */
  private static final int PAGE = 10_000;

  /** Some in each life, so that kills hit them too. */
  private static final String CHECKPOINTS = "checkpoint_every=500";

  @TempDir Path folder;

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void losesAndDoublesNothing() throws Exception {
    compareWithUninterrupted(false);
  }

  /** Reloads put one of two sets in force after the other, with invalid files between. */
  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void losesAndDoublesNothingAmongReloads() throws Exception {
    compareWithUninterrupted(true);
    assertThat(declared(DaemonProcess.data(folder.resolve("killed"))))
        .as("sets of automations that were in force")
        .isNotEmpty()
        .hasSizeLessThanOrEqualTo(2);
  }

  private void compareWithUninterrupted(boolean reloads) throws Exception {
    KillLoad load = new KillLoad(CLIENTS);
    RunOutcome killed = killed(load, reloads);
    RunOutcome uninterrupted = uninterrupted(load);
    System.out.printf(
        "%d kills, seed %d: %s%n  uninterrupted: %s%n", ROUNDS, SEED, killed, uninterrupted);
    killed.assertSameAs(uninterrupted, load);
    assertThat(killed.failed()).as("failed webhook calls").isEmpty();
  }

  private RunOutcome killed(KillLoad load, boolean reloads) throws Exception {
    Path home = Files.createDirectory(folder.resolve("killed"));
    Random random = new Random(SEED);
    try (WebhookReceiver receiver = new WebhookReceiver();
        KillLoad.Senders senders = load.senders()) {
      for (int round = 0; round < ROUNDS; round++) {
        CompletableFuture<Void> reloading = CompletableFuture.completedFuture(null);
        try (DaemonProcess daemon = start(home, receiver)) {
          boolean whileItStarts = random.nextInt(4) == 0;
          if (!whileItStarts) {
            URI address = served(daemon);
            senders.sendTo(address);
            if (reloads) {
              String automations = KillLoad.automations(receiver.url());
              CompletableFuture<Boolean> first = new CompletableFuture<>();
              reloading =
                  CompletableFuture.runAsync(
                      () -> reloadUntilKilled(home, automations, address, first));
              CompletableFuture.anyOf(first, reloading).join();
            }
          }
          assertThat(daemon.process().waitFor(life(random), TimeUnit.MILLISECONDS)).isFalse();
        }
        reloading.join();
      }
      try (DaemonProcess daemon = start(home, receiver)) {
        URI address = served(daemon);
        senders.sendTo(address);
        senders.finish();
        return RunOutcome.of(home, daemon, address, receiver);
      }
    }
  }

  /**
   * Reloads until the daemon is killed.
   *
   * @param first completed with the first reload
   */
  private static void reloadUntilKilled(
      Path home, String automations, URI address, CompletableFuture<Boolean> first) {
    String other = automations.replace("{{ event.id }}", "again {{ event.id }}");
    String invalid = automations.replace("threshold: 40", "threshold: many");
    List<String> turns = List.of(other, invalid, automations, invalid);
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve("/api/reload"))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (int i = 0; ; i++) {
        DaemonProcess.write(home, turns.get(i % turns.size()));
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(i % 2 == 0 ? 200 : 422);
        first.complete(true);
      }
    } catch (IOException killed) {
      // As it should be; the next start writes its own file.
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The distinct sets of automations that the journal of a stopped daemon declares. */
  private static Set<List<JournalEntry.DeclaredAutomation>> declared(Path data) {
    Set<List<JournalEntry.DeclaredAutomation>> sets = new HashSet<>();
    try (Store store = Stores.open(data)) {
      List<JournalEntry> page = store.entries(0, PAGE);
      while (!page.isEmpty()) {
        for (JournalEntry entry : page) {
          if (entry instanceof JournalEntry.DeclaredEntry declaration) {
            sets.add(declaration.automations());
          }
        }
        page = store.entries(page.getLast().sequence(), PAGE);
      }
    }
    return sets;
  }

  private RunOutcome uninterrupted(KillLoad load) throws Exception {
    Path home = Files.createDirectory(folder.resolve("uninterrupted"));
    try (WebhookReceiver receiver = new WebhookReceiver();
        DaemonProcess daemon = start(home, receiver)) {
      URI address = served(daemon);
      load.sendAgain(address);
      return RunOutcome.of(home, daemon, address, receiver);
    }
  }

  private static DaemonProcess start(Path home, WebhookReceiver receiver) throws IOException {
    return DaemonProcess.start(
        home, KillLoad.automations(receiver.url()), "startup_grace=0s", CHECKPOINTS);
  }

  private static URI served(DaemonProcess daemon) throws IOException {
    return Objects.requireNonNull(daemon.address(), "it ended before it served");
  }

  private static int life(Random random) {
    return 1 + random.nextInt(LONGEST_LIFE_MILLIS);
  }
}
