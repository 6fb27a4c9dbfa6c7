package dev.tocsin.benchmarks.daemon;

import dev.tocsin.benchmarks.daemon.Connection.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A way to send events for a while. */
sealed interface Load {

  /** For a person. */
  String title();

  /**
   * Sends events to a path of the daemon, and checks every answer.
   *
   * @param duration for how long new ones are sent; what was begun is waited for
   */
  Sent send(URI daemon, String path, SampleBodies bodies, Duration duration) throws IOException;

  /**
   * What was sent and answered well.
   *
   * @param nanos from the first byte to the last answer
   */
  record Sent(long events, long nanos) {

    double rate() {
      return events * 1e9 / nanos;
    }
  }

  /**
   * An event a request, the next when the last is answered.
   *
   * @param connections that do so at one time
   */
  record Posts(int connections) implements Load {

    @Override
    public String title() {
      return "single POST, %d connection%s".formatted(connections, connections == 1 ? "" : "s");
    }

    @Override
    public Sent send(URI daemon, String path, SampleBodies bodies, Duration duration)
        throws IOException {
      List<Connection> open = new ArrayList<>();
      try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
        for (int i = 0; i < connections; i++) {
          open.add(new Connection(daemon));
        }
        long begin = System.nanoTime();
        List<CompletableFuture<Long>> counts =
            open.stream()
                .map(
                    connection ->
                        CompletableFuture.supplyAsync(
                            () -> post(connection, path, bodies, begin + duration.toNanos()),
                            threads))
                .toList();
        long events = counts.stream().mapToLong(CompletableFuture::join).sum();
        return new Sent(events, System.nanoTime() - begin);
      } finally {
        for (Connection connection : open) {
          connection.close();
        }
      }
    }

    private static long post(
        Connection connection, String path, SampleBodies shared, long deadline) {
      SampleBodies bodies = shared.forThread();
      long count = 0;
      try {
        for (; System.nanoTime() < deadline; count++) {
          Answer answer = connection.post(path, "application/json", bodies.next());
          if (answer.status() != 204) {
            throw new IOException("not taken: " + answer);
          }
        }
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
      return count;
    }
  }

  /** All events in one request, a line each. */
  record Stream() implements Load {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int CHUNK = 64 * 1024;

    @Override
    public String title() {
      return "NDJSON stream";
    }

    @Override
    public Sent send(URI daemon, String path, SampleBodies bodies, Duration duration)
        throws IOException {
      try (Connection connection = new Connection(daemon)) {
        long begin = System.nanoTime();
        connection.begin(path, "application/x-ndjson");
        byte[] chunk = new byte[CHUNK];
        int length = 0;
        long count = 0;
        for (; System.nanoTime() - begin < duration.toNanos(); count++) {
          byte[] body = bodies.next();
          if (length + body.length + 1 > CHUNK) {
            connection.chunk(chunk, length);
            length = 0;
          }
          System.arraycopy(body, 0, chunk, length, body.length);
          length += body.length;
          chunk[length++] = '\n';
        }
        connection.chunk(chunk, length);
        Answer answer = connection.end();
        Sent sent = new Sent(count, System.nanoTime() - begin);
        check(answer, count);
        return sent;
      }
    }

    private static void check(Answer answer, long count) throws IOException {
      JsonNode json = MAPPER.readTree(answer.body());
      if (answer.status() != 200
          || json.path("accepted").asLong() != count
          || json.path("duplicates").asLong() != 0
          || json.path("refused").asLong() != 0) {
        throw new IOException(count + " sent, and answered was " + answer);
      }
    }
  }
}
