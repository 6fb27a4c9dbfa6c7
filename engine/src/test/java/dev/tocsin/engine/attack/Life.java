package dev.tocsin.engine.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.DaemonProcess;
import dev.tocsin.engine.KillLoad;
import dev.tocsin.engine.WebhookReceiver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One data folder, in which daemons with the same small heap live one after the other while they
 * are attacked. Clients of a {@link KillLoad} send to them all the time.
 */
final class Life implements AutoCloseable {

  /** The time in which a daemon must be well again. */
  static final Duration RECOVERY = Duration.ofMinutes(2);

  /** The exit code of a process that {@code kill -9} ended. */
  static final int KILLED = 128 + 9;

  private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
  private static final Duration PACE = Duration.ofMillis(50);
  private static final int CLIENTS = 2;
  private static final String[] SETTINGS = {
    "startup_grace=0s",
    "checkpoint_every=500",
    "max_causal_depth=300",
    "webhook_timeout=2s",
    "body_timeout=3s",
    "idle_timeout=5s",
    "shutdown_timeout=" + SHUTDOWN_TIMEOUT.toSeconds() + "s"
  };

  private final Path home;
  private final int megabytes;
  private final Random random;
  private final boolean loaded;
  private final WebhookReceiver shop = new WebhookReceiver();
  private final HostileReceiver hostile = new HostileReceiver();
  private final KillLoad load = new KillLoad(CLIENTS, Duration.ofMillis(100));
  private final KillLoad.Senders senders = load.senders();
  private final Neighbour neighbour = new Neighbour();
  private final String automations;
  private final Set<String> acknowledged = new TreeSet<>();
  private final List<DaemonProcess> others = new ArrayList<>();
  private Duration skew = Duration.ZERO;
  private @Nullable DaemonProcess daemon;
  private @Nullable URI address;
  private int starts;
  private int ids;
  private long linesOfStartsAndStops;

  /**
   * Prepares a life; it begins with {@link #start}.
   *
   * @param loaded whether the clients of the load send
   */
  Life(Path home, int megabytes, Random random, List<Attack> attacks, boolean loaded)
      throws IOException {
    this.home = Files.createDirectories(home);
    this.megabytes = megabytes;
    this.random = random;
    this.loaded = loaded;
    this.automations =
        KillLoad.automations(shop.url())
            + attacks.stream()
                .map(attack -> attack.automations(hostile))
                .collect(Collectors.joining());
    SkewedMain.set(clockFile(), Duration.ZERO);
  }

  private Path clockFile() {
    return home.resolve("clock");
  }

  Path home() {
    return home;
  }

  /** The folder of the store. */
  Path data() {
    return DaemonProcess.data(home);
  }

  /** The maximum heap of each daemon, in bytes. */
  long heap() {
    return megabytes * 1_000_000L;
  }

  Random random() {
    return random;
  }

  HostileReceiver receiver() {
    return hostile;
  }

  Neighbour neighbour() {
    return neighbour;
  }

  KillLoad load() {
    return load;
  }

  KillLoad.Senders senders() {
    return senders;
  }

  WebhookReceiver shop() {
    return shop;
  }

  boolean isLoaded() {
    return loaded;
  }

  /** Ids of the events of attacks that were acknowledged. */
  Set<String> acknowledged() {
    return acknowledged;
  }

  int starts() {
    return starts;
  }

  DaemonProcess daemon() {
    return Objects.requireNonNull(daemon, "it was not started");
  }

  URI address() {
    return Objects.requireNonNull(address, "it does not serve");
  }

  /** Starts a daemon and waits until it is ready. */
  void start() throws Exception {
    start(_ -> {});
  }

  /** The same, with something done to its command before. */
  void start(Consumer<ProcessBuilder> before) throws Exception {
    long lines = lines();
    int code = tryStart(before);
    if (code >= 0) {
      throw new AssertionError("it ended with " + code + " before it served: " + lastLines());
    }
    require(START_TIMEOUT, "/ready is not 200 after a start", () -> get("/ready") == 200);
    linesOfStartsAndStops += lines() - lines;
    if (loaded) {
      senders.sendTo(address);
    }
    neighbour.ask(address, true);
  }

  /** Starts a daemon to which nobody sends. */
  void startAlone() throws Exception {
    start();
    quiet();
  }

  /** Starts a daemon that may refuse to: its exit code, or -1 once it serves. */
  int tryStart() throws Exception {
    return tryStart(_ -> {});
  }

  private int tryStart(Consumer<ProcessBuilder> before) throws Exception {
    starts++;
    DaemonProcess started = process(home, data(), before);
    daemon = started;
    address = addressOf(started);
    return address == null ? started.process().waitFor() : -1;
  }

  /** Waits until a daemon serves: its address; null if it ends before. */
  static @Nullable URI addressOf(DaemonProcess started) throws Exception {
    CompletableFuture<@Nullable URI> served =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return started.address();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    try {
      return served.get(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      started.close();
      throw new AssertionError("it neither serves nor ends within " + START_TIMEOUT, e);
    }
  }

  /** Starts another daemon, with its own home, on a folder; it is killed at the end. */
  DaemonProcess startOther(Path data) throws IOException {
    Path other = Files.createDirectories(home.resolve("other-" + others.size()));
    DaemonProcess started = process(other, data, _ -> {});
    others.add(started);
    return started;
  }

  private DaemonProcess process(Path folder, Path data, Consumer<ProcessBuilder> before)
      throws IOException {
    return DaemonProcess.start(
        folder,
        automations,
        builder -> {
          List<String> command = new ArrayList<>(builder.command());
          command.replaceAll(
              word ->
                  word.equals("dev.tocsin.engine.Main")
                      ? SkewedMain.class.getName()
                      : word.equals(DaemonProcess.data(folder).toString())
                          ? data.toString()
                          : word);
          command.addAll(
              1,
              List.of(
                  "--sun-misc-unsafe-memory-access=allow",
                  "-Xmx" + megabytes + "m",
                  "-XX:+ExitOnOutOfMemoryError",
                  "-XX:ErrorFile=" + folder.resolve("hs_err.log"),
                  "-XX:-CreateCoredumpOnCrash",
                  "-D" + SkewedMain.FILE + "=" + clockFile()));
          builder.command(command);
          before.accept(builder);
        },
        SETTINGS);
  }

  /** Nobody but the attack talks to it from now on, until the next start. */
  void quiet() {
    senders.sendTo(null);
    neighbour.ask(null, false);
  }

  /** Ends it as {@code kill -9} does. */
  void kill() {
    quiet();
    daemon().close();
  }

  /** Ends it as {@code SIGTERM} does, and requires exit code 0 within the shutdown timeout. */
  void terminate() throws Exception {
    quiet();
    long lines = lines();
    Process process = daemon().process();
    process.destroy();
    Duration bound = SHUTDOWN_TIMEOUT.plusSeconds(10);
    if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
      kill();
      throw new AssertionError("SIGTERM has not ended it after " + bound);
    }
    assertThat(process.exitValue()).as("exit code after SIGTERM").isZero();
    linesOfStartsAndStops += lines() - lines;
  }

  /** Ends it one way or the other and starts it again. */
  void restart() throws Exception {
    if (random.nextBoolean()) {
      kill();
    } else {
      terminate();
    }
    start();
  }

  /** Sets the clock of its host wrong by this much, from now on. */
  void skew(Duration wrong) throws IOException {
    skew = wrong;
    SkewedMain.set(clockFile(), wrong);
  }

  /** The clock of its host. */
  Instant now() {
    return Instant.now().plus(skew);
  }

  /** An id that no other event of this life has. */
  String nextId() {
    return "attack-" + ids++;
  }

  /** An event that occurs now; labels and payload are the insides of JSON objects. */
  String event(String id, String name, String labels, String payload) {
    return """
    {"id": "%s", "occurred": "%s", "event": "%s",\
     "resource": {"prefect.resource.id": "attack"%s}, "payload": {%s}}\
    """
        .formatted(id, now(), name, labels.isEmpty() ? "" : ", " + labels, payload);
  }

  /** Posts events once: the status; -1 if there was no answer. */
  int post(String json, String... sent) throws IOException {
    int status = RawHttp.post(address(), json);
    if (status == 204) {
      acknowledged.addAll(List.of(sent));
    }
    return status;
  }

  /** Posts events until they are acknowledged. */
  void send(String json, String... sent) throws Exception {
    int[] status = {0};
    boolean isAcknowledged =
        holdsWithin(
            RECOVERY,
            () -> {
              status[0] = post(json, sent);
              return status[0] == 204;
            });
    assertThat(isAcknowledged).as("acknowledged; the last status was %d", status[0]).isTrue();
  }

  /** Posts one event of a name until it is acknowledged; its id. */
  String send(String name, String labels, String payload) throws Exception {
    String id = nextId();
    send(event(id, name, labels, payload), id);
    return id;
  }

  /** Gets a path: the status; -1 if there was no answer. */
  int get(String target) throws IOException {
    return RawHttp.get(address(), target);
  }

  /** A condition that is asked again until it holds. */
  interface Condition {
    boolean holds() throws Exception;
  }

  /** Waits until a condition holds; whether it does within this time. A failed attempt is no. */
  boolean holdsWithin(Duration bound, Condition condition) throws Exception {
    long end = System.nanoTime() + bound.toNanos();
    while (true) {
      try {
        if (condition.holds()) {
          return true;
        }
      } catch (IOException unanswered) {
        // Asked again, as after any other answer.
      }
      if (System.nanoTime() > end) {
        return false;
      }
      pass(PACE);
    }
  }

  /** Requires that a condition holds within this time. */
  void require(Duration bound, String otherwise, Condition condition) throws Exception {
    if (!holdsWithin(bound, condition)) {
      throw new AssertionError(otherwise + " after " + bound.toSeconds() + " s: " + lastLines());
    }
  }

  /** Lets time pass; requires that the daemon does not end by itself. */
  void pass(Duration time) throws Exception {
    Process process = daemon().process();
    if (process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("it ended with " + process.exitValue() + ": " + lastLines());
    }
  }

  Standing standing() throws IOException {
    return Standing.of(daemon().process().pid());
  }

  /** Lines of the log so far that no start and no stop wrote. */
  long linesWhileRunning() throws IOException {
    return lines() - linesOfStartsAndStops;
  }

  long linesOfStartsAndStops() {
    return linesOfStartsAndStops;
  }

  private long lines() throws IOException {
    return log().size();
  }

  /** The lines of its log. */
  List<String> log() throws IOException {
    Path log = DaemonProcess.log(home);
    return Files.exists(log) ? Files.readAllLines(log, StandardCharsets.ISO_8859_1) : List.of();
  }

  private String lastLines() throws IOException {
    List<String> log = log();
    return log.subList(Math.max(0, log.size() - 3), log.size()).stream()
        .map(line -> line.substring(0, Math.min(300, line.length())))
        .collect(Collectors.joining(" | "));
  }

  @Override
  public void close() throws IOException {
    quiet();
    others.forEach(DaemonProcess::close);
    if (daemon != null) {
      daemon.close();
    }
    senders.close();
    neighbour.close();
    shop.close();
    hostile.close();
  }
}
