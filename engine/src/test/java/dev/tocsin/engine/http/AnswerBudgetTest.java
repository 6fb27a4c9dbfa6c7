package dev.tocsin.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Payload;
import dev.tocsin.triggers.Resource;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Readers that ask and do not read hold memory, to a bound. */
class AnswerBudgetTest {

  private static final String LARGE = "/api/events/large";

  private static Event large() {
    return new Event(
        "large",
        TestServer.NOW,
        "n",
        Resource.of(Resource.ID, "r"),
        List.of(),
        Payload.ofJson("{\"a\":\"" + "x".repeat(15_000_000) + "\"}"),
        null,
        TestServer.NOW,
        null);
  }

  @Test
  void readersBeyondTheBudgetAreRefusedUntilTheOthersAreGone() throws IOException {
    try (TestServer server = TestServer.start()) {
      server.store.add(large());
      List<Socket> idle = new ArrayList<>();
      HttpResponse<String> answer = server.get(LARGE);
      assertThat(answer.statusCode()).isEqualTo(200);
      while (answer.statusCode() == 200) {
        Socket socket = server.socket();
        idle.add(socket);
        socket
            .getOutputStream()
            .write(("GET " + LARGE + " HTTP/1.1\r\nHost: x\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        answer = server.get(LARGE);
      }
      assertThat(answer.statusCode()).isEqualTo(429);
      assertThat(answer.headers().firstValue("Retry-After")).contains("1");
      assertThat(answer.body()).contains("Too many answers at once");
      assertThat(server.get("/ready").statusCode()).isEqualTo(200);
      for (Socket socket : idle) {
        socket.close();
      }
      while (answer.statusCode() == 429) {
        answer = server.get(LARGE);
      }
      assertThat(answer.statusCode()).isEqualTo(200);
    }
  }
}
