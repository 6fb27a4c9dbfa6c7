package dev.tocsin.engine.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.DaemonProcess;
import dev.tocsin.engine.KillLoad;
import dev.tocsin.engine.RunOutcome;
import dev.tocsin.engine.StoredRows;
import dev.tocsin.engine.WebhookReceiver;
import dev.tocsin.engine.store.Stores;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Decides whether a daemon that was attacked has kept all promises. */
final class Oracle {

  /** The longest that a small request may wait for its answer, on a busy machine. */
  private static final Duration ANSWER = Duration.ofSeconds(20);

  /** The time in which all that was started must end. */
  private static final Duration DRAIN = Duration.ofMinutes(2);

  private static final int LINES_OF_AN_ATTACK = 20;

  private static final int LINES_OF_A_START = 15;

  /**
   * Intervals in which senders may still return. What is due in one is evaluated at its end, with
   * all that has come until then.
   */
  private static final String BLIND_INTERVALS_AHEAD =
      """
      SELECT COUNT(*) FROM entry WHERE name LIKE '%.engine.blind'
        AND json_extract(CAST(body AS TEXT), '$.payload.until')
            > strftime('%Y-%m-%dT%H:%M:%fZ', 'now')\
      """;

  private final Life life;
  private final int megabytes;

  Oracle(Life life, int megabytes) {
    this.life = life;
    this.megabytes = megabytes;
  }

  /** Lets an attack strike, and waits until the daemon is well again. */
  Finding strike(Attack attack) {
    long begin = System.nanoTime();
    long end = begin;
    long lines = 0;
    String fault = "";
    try {
      Standing before = life.standing();
      lines = life.linesWhileRunning();
      life.neighbour().begin();
      try {
        attack.strike(life);
      } finally {
        end = System.nanoTime();
      }
      requireWell(before, Math.round(attack.leavesOfHeap() * life.heap()));
      requireAnswers();
      lines = life.linesWhileRunning() - lines;
      assertThat(lines).as("lines of log").isLessThanOrEqualTo(LINES_OF_AN_ATTACK);
    } catch (Exception | AssertionError e) {
      fault = sentence(e);
    }
    return new Finding(
        attack.name(),
        megabytes,
        Duration.ofNanos(end - begin),
        Duration.ofNanos(System.nanoTime() - end),
        life.neighbour().worstProbe(),
        life.neighbour().worstPost(),
        lines,
        fault);
  }

  /** Starts the first daemon of the life. */
  Finding start() {
    long begin = System.nanoTime();
    String fault = "";
    try {
      life.start();
    } catch (Exception | AssertionError e) {
      fault = sentence(e);
    }
    return beside("(start)", begin, fault);
  }

  /** Ends the daemon one way or the other and starts it again. */
  Finding restart(String after) {
    long begin = System.nanoTime();
    String fault = "";
    try {
      life.restart();
    } catch (Exception | AssertionError e) {
      fault = "after " + after + ": " + sentence(e);
    }
    return beside("(restart)", begin, fault);
  }

  private void requireWell(Standing before, long heapAllowance) throws Exception {
    life.require(Life.RECOVERY, "/ready is not 200", () -> life.get("/ready") == 200);
    life.send("attack.over", "", "");
    String[] beyond = {""};
    boolean back =
        life.holdsWithin(
            Life.RECOVERY,
            () -> {
              beyond[0] = life.standing().beyond(before, heapAllowance);
              return beyond[0].isEmpty();
            });
    assertThat(back).as("not back after %s: %s", Life.RECOVERY, beyond[0]).isTrue();
  }

  private void requireAnswers() {
    Neighbour neighbour = life.neighbour();
    assertThat(neighbour.trouble()).as("answers to a neighbour").isEmpty();
    assertThat(neighbour.worstProbe()).as("worst answer of a probe").isLessThan(ANSWER);
    assertThat(neighbour.worstPost()).as("worst answer to a small event").isLessThan(ANSWER);
  }

  /** Ends the life, and requires of its store all that is promised. */
  Finding judge(List<Attack> attacks, Path folder) {
    long begin = System.nanoTime();
    String fault = "";
    try {
      judgeStore(attacks.stream().allMatch(Attack::keepsFirings), folder);
    } catch (Exception | AssertionError e) {
      fault = attacks.stream().map(Attack::name).toList() + ": " + sentence(e);
    }
    return beside("(end of a life)", begin, fault);
  }

  private Finding beside(String what, long begin, String fault) {
    Duration none = Duration.ZERO;
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    return new Finding(what, megabytes, took, none, none, none, 0, fault);
  }

  private void judgeStore(boolean firings, Path folder) throws Exception {
    try (StoredRows rows = new StoredRows(life.data())) {
      if (life.isLoaded()) {
        life.require(
            Life.RECOVERY, "it is still blind", () -> rows.count(BLIND_INTERVALS_AHEAD) == 0);
        finish(life.senders());
      }
      life.require(DRAIN, "not all is done", () -> rows.count(StoredRows.UNDONE) == 0);
      Set<String> lost = new TreeSet<>(life.acknowledged());
      lost.removeAll(rows.ids("SELECT id FROM entry WHERE id LIKE 'attack-%'"));
      assertThat(lost).as("acknowledged events of attacks that are missing").isEmpty();
    }
    if (life.isLoaded() && firings) {
      RunOutcome attacked = RunOutcome.of(life.home(), life.daemon(), life.address(), life.shop());
      attacked.assertSameAs(undisturbed(Files.createDirectories(folder)), life.load());
    }
    life.terminate();
    assertThat(Stores.admin(life.data()).check().faults()).as("store check").isEmpty();
    assertThat(life.log())
        .as("the log")
        .noneMatch(line -> line.contains("OutOfMemoryError"))
        .noneMatch(line -> line.startsWith("\tat "));
    assertThat(life.linesOfStartsAndStops())
        .as("lines of %d starts and stops", life.starts())
        .isLessThanOrEqualTo((long) LINES_OF_A_START * life.starts());
  }

  private static void finish(KillLoad.Senders senders) throws Exception {
    CompletableFuture.runAsync(
            () -> {
              try {
                senders.finish();
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            })
        .get(Life.RECOVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private RunOutcome undisturbed(Path home) throws Exception {
    try (WebhookReceiver receiver = new WebhookReceiver();
        DaemonProcess daemon =
            DaemonProcess.start(home, KillLoad.automations(receiver.url()), "startup_grace=0s")) {
      URI address = Objects.requireNonNull(daemon.address());
      life.load().sendAgain(address);
      return RunOutcome.of(home, daemon, address, receiver);
    }
  }

  private static String sentence(Throwable failure) {
    String text = String.valueOf(failure.getMessage()).strip().replaceAll("\\s+", " ");
    String kind =
        failure instanceof AssertionError ? "" : failure.getClass().getSimpleName() + ": ";
    return kind + text.substring(0, Math.min(500, text.length()));
  }
}
