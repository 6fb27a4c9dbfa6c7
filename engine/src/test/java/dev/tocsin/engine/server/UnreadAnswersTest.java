package dev.tocsin.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Payload;
import dev.tocsin.triggers.Resource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers that nobody reads may hold an eighth of the heap, and no more. */
class UnreadAnswersTest {

  private static final int SHARE = 8;

  /** Each is so large that one fewer of them may wait. */
  private static final int ANSWERS = 4;

  @Test
  void whoAsksWhileTooMuchIsUnreadIsToldToComeAgain() throws IOException {
    long most = Runtime.getRuntime().maxMemory() / SHARE;
    List<Socket> unread = new ArrayList<>();
    try (TestServer server = TestServer.start()) {
      server.store.add(large(most / ANSWERS));
      for (int i = 1; i < ANSWERS; i++) {
        Socket socket = server.socket();
        unread.add(socket);
        assertThat(ask(socket)).startsWith("HTTP/1.1 200");
      }
      HttpResponse<String> refused = server.get("/api/events");
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(refused.body()).contains("Too many answers at once");
      assertThat(server.get("/health").statusCode()).isEqualTo(200);

      close(unread);
      while (server.get("/api/events").statusCode() != 200) {
        Thread.onSpinWait();
      }
    } finally {
      close(unread);
    }
  }

  private static void close(List<Socket> sockets) throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private static Event large(long bytes) {
    String text = "x".repeat((int) bytes);
    return new Event(
        "large",
        TestServer.NOW,
        "a.b",
        Resource.of(Resource.ID, "r"),
        List.of(),
        Payload.ofJson("{\"text\":\"" + text + "\"}"),
        null,
        TestServer.NOW,
        null);
  }

  /** Asks, and reads the first line of the answer. */
  private static String ask(Socket socket) throws IOException {
    socket
        .getOutputStream()
        .write(
            "GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
    return new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
        .readLine();
  }
}
