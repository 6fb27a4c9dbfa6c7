package dev.tocsin.benchmarks.daemon;

import dev.tocsin.benchmarks.Comparison;
import dev.tocsin.benchmarks.Comparison.Side;
import dev.tocsin.benchmarks.daemon.Connection.Answer;
import dev.tocsin.benchmarks.daemon.Load.Sent;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * How fast a running daemon, whose store is empty, takes events in and makes them durable, against
 * the same daemon's answer to the same bodies when it only reads them. The two sides take turns.
 * The answers are compared, and in the end the store must hold what was sent, and nothing else.
 * Arguments: {@code URL [--quick]}.
 */
public final class Ingest {

  private static final String REAL = "/api/events";
  private static final String DRY = "/api/events?dry_run=true";
  private static final List<Load> LOADS =
      List.of(new Load.Posts(1), new Load.Posts(32), new Load.Stream());

  private final URI daemon;
  private final SampleBodies bodies;
  private final int rounds;
  private final Duration duration;
  private long stored;

  private Ingest(URI daemon, SampleBodies bodies, int rounds, Duration duration) {
    this.daemon = daemon;
    this.bodies = bodies;
    this.rounds = rounds;
    this.duration = duration;
  }

  /** Measures and prints a table. */
  public static void main(String[] args) throws IOException {
    boolean quick = args.length > 1 && args[1].equals("--quick");
    Ingest ingest =
        new Ingest(
            URI.create(args[0]),
            SampleBodies.read(Instant.now()),
            quick ? 3 : 7,
            Duration.ofMillis(quick ? 500 : 3_000));
    ingest.compareAnswers();
    List<Comparison> comparisons = new ArrayList<>();
    for (Load load : LOADS) {
      comparisons.add(ingest.measure(load));
    }
    ingest.compareStore();
    System.out.print(Comparison.table(comparisons));
    System.out.printf("%,d events sent to be stored, and as many are stored%n", ingest.stored);
  }

  private Comparison measure(Load load) throws IOException {
    List<Double> dry = new ArrayList<>();
    List<Double> durable = new ArrayList<>();
    parseOnly(load);
    makeDurable(load);
    for (int round = 0; round < rounds; round++) {
      dry.add(parseOnly(load).rate());
      durable.add(makeDurable(load).rate());
    }
    return new Comparison(
        load.title(), List.of(new Side("parse only", dry), new Side("durable", durable)));
  }

  private Sent parseOnly(Load load) throws IOException {
    return load.send(daemon, DRY, bodies, duration);
  }

  private Sent makeDurable(Load load) throws IOException {
    Sent sent = load.send(daemon, REAL, bodies, duration);
    stored += sent.events();
    return sent;
  }

  /** Bodies good and bad are answered alike by both sides. */
  private void compareAnswers() throws IOException {
    String good = new String(bodies.next(), StandardCharsets.UTF_8);
    String other = new String(bodies.next(), StandardCharsets.UTF_8);
    compareAnswers("application/json", good);
    compareAnswers("application/json", "[" + other + ", {}]");
    compareAnswers("application/json", "{bad");
    compareAnswers("application/x-ndjson", other + "\n{}\n{bad\n");
    stored += 2;
  }

  private void compareAnswers(String type, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    try (Connection connection = new Connection(daemon)) {
      Answer dry = connection.post(DRY, type, body);
      Answer real = connection.post(REAL, type, body);
      if (!dry.equals(real)) {
        throw new IOException("parse only answers " + dry + ", durable " + real);
      }
    }
  }

  private void compareStore() throws IOException {
    try (Connection connection = new Connection(daemon)) {
      Answer answer = connection.get(REAL + "?limit=1");
      long total = JsonMapper.builder().build().readTree(answer.body()).path("total").asLong(-1);
      if (total != stored) {
        throw new IOException("%,d events sent, and %,d stored".formatted(stored, total));
      }
    }
  }
}
