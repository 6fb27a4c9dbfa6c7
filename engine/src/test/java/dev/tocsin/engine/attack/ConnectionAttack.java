package dev.tocsin.engine.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Connections that do what no client does. */
sealed interface ConnectionAttack extends Attack {

  private static void closeAll(List<Socket> sockets) throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /** Posts events of a name with padding, in lists. */
  private static void fill(Life life, String name, int count, int ofList, String payload)
      throws Exception {
    for (int i = 0; i < count; i += ofList) {
      List<String> events = new ArrayList<>();
      List<String> ids = new ArrayList<>();
      for (int j = 0; j < ofList; j++) {
        String id = life.nextId();
        ids.add(id);
        events.add(life.event(id, name, "", payload));
      }
      life.send("[" + String.join(",", events) + "]", ids.toArray(String[]::new));
    }
  }

  /** Questions whose pattern takes long for each of many events; the askers hang up. */
  record SlowQueries() implements ConnectionAttack {

    private static final int ASKERS = 6;

    @Override
    public void strike(Life life) throws Exception {
      fill(life, "attack." + "a".repeat(900), 3_000, 500, "");
      String pattern = "*" + "?".repeat(500) + "b*?a*?a*b";
      List<Socket> askers = new ArrayList<>();
      for (int i = 0; i < ASKERS; i++) {
        Socket asker = RawHttp.open(life.address());
        askers.add(asker);
        String target = "/api/events?event=" + pattern.replace("?", "%3F");
        RawHttp.write(asker, RawHttp.request("GET", target));
      }
      life.pass(Duration.ofSeconds(3));
      if (life.random().nextBoolean()) {
        life.terminate();
        life.start();
      }
      closeAll(askers);
    }
  }

  /** One body in chunks of a byte. */
  record TinyChunks() implements ConnectionAttack {

    private static final int OF_A_WRITE = 10_000;

    @Override
    public void strike(Life life) throws Exception {
      byte[] chunks = "1\r\n \r\n".repeat(OF_A_WRITE).getBytes(StandardCharsets.US_ASCII);
      try (Socket socket = RawHttp.open(life.address())) {
        RawHttp.write(
            socket,
            RawHttp.request(
                "POST",
                "/api/events",
                "Content-Type: application/json",
                "Transfer-Encoding: chunked"));
        OutputStream out = socket.getOutputStream();
        for (long left = Math.min(12_000_000, life.heap() / 24); left > 0; left -= OF_A_WRITE) {
          out.write(chunks);
        }
        RawHttp.write(socket, "2\r\n[]\r\n0\r\n\r\n");
        assertThat(RawHttp.status(socket)).as("a body of tiny chunks").isIn(-1, 204, 413, 429);
      } catch (IOException refused) {
        // Answered, and closed, before the body ended.
      }
    }
  }

  /** Requests whose connection is reset in the middle of the body. */
  record ResetsInTheBody() implements ConnectionAttack {

    private static final int RESETS = 300;

    @Override
    public void strike(Life life) throws Exception {
      resets(life);
    }

    private static void resets(Life life) throws IOException {
      for (int i = 0; i < RESETS; i++) {
        Socket socket = RawHttp.open(life.address());
        RawHttp.write(
            socket,
            RawHttp.request(
                    "POST",
                    "/api/events",
                    "Content-Type: application/json",
                    "Content-Length: 100000")
                + "[{");
        if (i % 3 > 0) {
          RawHttp.write(socket, " ".repeat(1_000));
        }
        RawHttp.reset(socket);
      }
    }
  }

  /** The same while nobody reads the log, and its pipe is full from the start. */
  record UnreadLog() implements ConnectionAttack {

    /** Fills the pipe of standard error, then becomes the daemon. */
    private static final String FULL_PIPE =
        "exec 3>&2;"
            + " dd if=/dev/zero of=/proc/self/fd/3 bs=4096 oflag=nonblock status=none 2>/dev/null;"
            + " exec 3>&-; exec \"$0\" \"$@\"";

    @Override
    public void strike(Life life) throws Exception {
      life.terminate();
      life.start(
          builder -> {
            List<String> command = new ArrayList<>(List.of("bash", "-c", FULL_PIPE));
            command.addAll(builder.command());
            builder.command(command).redirectError(ProcessBuilder.Redirect.PIPE);
          });
      ResetsInTheBody.resets(life);
      life.send("attack.unread", "", "");
      life.terminate();
      life.start();
    }
  }

  /** Readers that ask for large pages and do not read them. */
  record PagesUnread() implements ConnectionAttack {

    private static final int READERS = 12;

    @Override
    public void strike(Life life) throws Exception {
      fill(life, "attack.page", 60, 10, "\"x\": \"" + "x".repeat(200_000) + "\"");
      List<Socket> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        Socket reader = RawHttp.open(life.address(), 1_000);
        readers.add(reader);
        RawHttp.write(reader, RawHttp.request("GET", "/api/events?event=attack.page&limit=1000"));
      }
      life.pass(Duration.ofSeconds(1));
      life.require(
          Duration.ofSeconds(30),
          "others are refused their pages",
          () -> life.get("/api/events?event=attack.page&limit=1000") == 200);
      closeAll(readers);
    }
  }

  /** Streams that send a byte now and then. */
  record IdleStreams() implements ConnectionAttack {

    private static final int STREAMS = 100;
    private static final String STREAM = "Content-Type: application/x-ndjson";

    @Override
    public void strike(Life life) throws Exception {
      List<Socket> streams = new ArrayList<>();
      for (int i = 0; i < STREAMS; i++) {
        Socket stream = RawHttp.open(life.address());
        streams.add(stream);
        RawHttp.write(
            stream,
            RawHttp.request("POST", "/api/events", STREAM, "Transfer-Encoding: chunked")
                + "1\r\n{\r\n");
      }
      for (int round = 0; round < 4; round++) {
        life.pass(Duration.ofMillis(900));
        for (Socket stream : streams) {
          try {
            RawHttp.write(stream, "1\r\n \r\n");
          } catch (IOException refused) {
            // That one was answered and closed.
          }
        }
        int status = stream(life);
        assertThat(status).as("an honest stream beside %d idle ones", STREAMS).isEqualTo(200);
      }
      closeAll(streams);
    }

    private static int stream(Life life) throws IOException {
      String body = life.event(life.nextId(), "attack.stream", "", "") + "\n";
      try (Socket socket = RawHttp.open(life.address())) {
        RawHttp.write(
            socket,
            RawHttp.request("POST", "/api/events", STREAM, "Content-Length: " + body.length())
                + body);
        return RawHttp.status(socket);
      }
    }
  }

  /** Requests that are not HTTP, or that ask what cannot be. */
  record OddRequests() implements ConnectionAttack {

    private static final List<String> TARGETS =
        List.of(
            "/api/events?since=%2B300000-01-01T00:00:00Z",
            "/api/events?since=-999999999-01-01T00:00:00Z",
            "/api/events?until=%2B999999999-12-31T23:59:59Z",
            "/api/events?limit=99999999999999999999",
            "/api/events?cursor=%00%ff",
            "/api/journal?after=-9223372036854775809",
            "/api/events/%2e%2e%2f%00",
            "/api/events?event=" + "*a".repeat(2_000),
            "/%ff%fe?%",
            "http://localhost/api/about");

    private static final List<String> REQUESTS =
        List.of(
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n",
            "GET /" + "a".repeat(100_000) + " HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\n" + "a: b\r\n".repeat(20_000) + "\r\n",
            post("Content-Length: -1"),
            post("Content-Length: 1", "Transfer-Encoding: chunked") + "0\r\n\r\n",
            post("Transfer-Encoding: gzip, chunked") + "ZZZ\r\n",
            post("Content-Type: application/json", "Content-Encoding: gzip", "Content-Length: 4")
                + "abcd");

    private static String post(String... lines) {
      return RawHttp.request("POST", "/api/events", lines);
    }

    @Override
    public void strike(Life life) throws Exception {
      for (String target : TARGETS) {
        assertThat(life.get(target)).as(target).isLessThan(500);
      }
      for (String request : REQUESTS) {
        try (Socket socket = RawHttp.open(life.address())) {
          socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(20));
          RawHttp.write(socket, request);
          socket.shutdownOutput();
          assertThat(RawHttp.status(socket))
              .as(request.lines().findFirst().orElse(""))
              .isNotEqualTo(500);
        } catch (IOException closed) {
          // Refused by closing the connection.
        }
      }
    }
  }
}
