package dev.tocsin.engine.server;

import static dev.tocsin.engine.server.TestServer.event;
import static dev.tocsin.engine.server.TestServer.gzip;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.pipeline.Intake.Receipt;
import dev.tocsin.triggers.Event;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class NdjsonTest {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final String TYPE = "application/x-ndjson";

  private final TestServer server = TestServer.start();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void eachLineStandsForItself() {
    String body =
        String.join(
            "\n",
            event("1"),
            "",
            " \r",
            "{bad",
            event("2") + "\r",
            event("1"),
            "{\"id\":\"3\"}",
            "x".repeat(100_001),
            "y".repeat(300_000),
            event("4"));
    JsonNode json = sent(200, body.getBytes(StandardCharsets.UTF_8));
    assertThat(json.get("accepted").asInt()).isEqualTo(3);
    assertThat(json.get("duplicates").asInt()).isEqualTo(1);
    assertThat(json.get("refused").asInt()).isEqualTo(4);
    List<JsonNode> problems = json.get("problems").valueStream().toList();
    assertThat(problems.stream().map(p -> p.get("line").asInt()).distinct())
        .containsExactly(4, 7, 8, 9);
    assertThat(problems.get(1).get("loc").toString()).contains("occurred");
    assertThat(problems.getLast().get("msg").asString()).contains("100000", "300000 bytes");
    assertThat(ids()).containsExactly("1", "2", "4");
  }

  @Test
  void aMisspelledFieldIsAWarningWithItsLine() {
    String body = event("1") + "\n" + event("2").replace("{\"id\"", "{\"folows\":\"1\",\"id\"");
    JsonNode json = sent(200, body.getBytes(StandardCharsets.UTF_8));
    assertThat(json.get("accepted").asInt()).isEqualTo(2);
    assertThat(json.get("problems").isEmpty()).isTrue();
    assertThat(json.get("warnings").toString())
        .isEqualTo(
            "[{\"line\":2,\"loc\":[\"folows\"],\"type\":\"unknown_field\",\"msg\":\"Unknown field,"
                + " ignored; did you mean follows?\",\"path\":\"$.folows\"}]");
  }

  @Test
  void aLongStreamGoesInBatchesOneAfterAnotherInOrder() {
    int count = 20_000;
    JsonNode json = sent(200, lines(0, count).getBytes(StandardCharsets.UTF_8));
    assertThat(json.get("accepted").asInt()).isEqualTo(count);
    assertThat(ids()).isEqualTo(IntStream.range(0, count).mapToObj(i -> "e" + i).toList());
    assertThat(server.intake.mostInFlight()).isEqualTo(1);
    assertThat(server.intake.sizes()).allMatch(size -> size <= NdjsonStream.MAX_LINES);
  }

  @Test
  void gzipIsUnpackedAsItComes() {
    int count = 5_000;
    JsonNode json = sent(200, gzip(lines(0, count)), "Content-Encoding", "gzip");
    assertThat(json.get("accepted").asInt()).isEqualTo(count);
  }

  @Test
  void severalGzipMembersAreOneStream() throws IOException {
    byte[] first = gzip(lines(0, 2));
    byte[] second = gzip(lines(2, 4));
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    assertThat(sent(200, both, "Content-Encoding", "gzip").get("accepted").asInt()).isEqualTo(4);
  }

  @Test
  void truncatedGzipKeepsWhatCameBeforeAndSaysSo() {
    byte[] whole = gzip(lines(0, 1_000));
    byte[] cut = Arrays.copyOf(whole, whole.length - 20);
    JsonNode json = sent(400, cut, "Content-Encoding", "gzip");
    assertThat(json.get("detail").asString()).contains("is truncated");
    assertThat(json.get("accepted").asInt()).isEqualTo(server.store.all().size()).isPositive();
  }

  @Test
  void aGzipBombOfOneLineIsOneRefusedLine() {
    JsonNode json = sent(200, gzip(new byte[50_000_000]), "Content-Encoding", "gzip");
    assertThat(json.get("refused").asInt()).isEqualTo(1);
    assertThat(json.get("problems").get(0).get("msg").asString()).contains("50000000 bytes");
  }

  @Test
  void onlyTheFirstHundredProblemsAreListed() {
    JsonNode json = sent(200, "{}\n".repeat(1_000).getBytes(StandardCharsets.UTF_8));
    assertThat(json.get("refused").asInt()).isEqualTo(1_000);
    assertThat(json.get("problems").size()).isEqualTo(100);
  }

  @Test
  void aFullIntakeIsWaitedFor() {
    for (int i = 0; i < 3; i++) {
      server.intake.next(Mono.just(new Receipt.Overflow()));
    }
    JsonNode json = sent(200, lines(0, 3).getBytes(StandardCharsets.UTF_8));
    assertThat(json.get("accepted").asInt()).isEqualTo(3);
  }

  @Test
  void aClosedIntakeEndsTheStreamWithTheCounts() {
    server.intake.next(Mono.just(new Receipt.Accepted(1, 0)));
    server.intake.next(Mono.just(new Receipt.Closed()));
    JsonNode json = sent(503, lines(0, 2_000).getBytes(StandardCharsets.UTF_8));
    assertThat(json.get("accepted").asInt()).isEqualTo(1);
    assertThat(json.get("detail").asString()).contains("stopping");
  }

  @Test
  void anEmptyStreamIsFine() {
    assertThat(sent(200, new byte[0]).get("accepted").asInt()).isZero();
  }

  @Test
  void whatHasComeIsTakenBeforeTheStreamEnds() throws IOException {
    try (Socket socket = server.socket()) {
      OutputStream out = socket.getOutputStream();
      out.write(head("Transfer-Encoding: chunked"));
      Sinks.Empty<Void> offered = Sinks.empty();
      server.intake.next(Mono.fromRunnable(offered::tryEmitEmpty));
      out.write(chunk(event("1") + "\n"));
      offered.asMono().toFuture().join();
      out.write(chunk(event("2")));
      out.write(chunk(""));
      assertThat(answer(socket.getInputStream())).contains("\"accepted\":2");
    }
  }

  @Test
  void aSenderIsHeldWhileTheEngineIsBusy() throws IOException {
    Sinks.One<Receipt> held = Sinks.one();
    server.intake.next(held.asMono().filter(receipt -> false));
    byte[] line = (event("1") + "\n").getBytes(StandardCharsets.UTF_8);
    int copies = 500_000;
    long total = (long) copies * line.length;
    ByteBuffer body = ByteBuffer.allocate((int) total);
    for (int i = 0; i < copies; i++) {
      body.put(line);
    }
    body.flip();
    try (SocketChannel channel = SocketChannel.open(address())) {
      channel.write(ByteBuffer.wrap(head("Content-Length: " + total)));
      channel.configureBlocking(false);
      writeWhileItIsRead(channel, body);
      assertThat(body.remaining()).as("bytes that the server left with the sender").isPositive();
      assertThat(server.intake.sizes()).isEmpty();
      held.tryEmitValue(new Receipt.Overflow());
      channel.configureBlocking(true);
      channel.write(body);
      assertThat(answer(channel.socket().getInputStream()))
          .contains("\"accepted\":1,\"duplicates\":" + (copies - 1));
    }
    assertThat(server.intake.mostInFlight()).isEqualTo(1);
  }

  private static void writeWhileItIsRead(SocketChannel channel, ByteBuffer body)
      throws IOException {
    try (Selector selector = Selector.open()) {
      channel.register(selector, SelectionKey.OP_WRITE);
      while (selector.select(500) > 0 && body.hasRemaining()) {
        channel.write(body);
        selector.selectedKeys().clear();
      }
    }
  }

  private InetSocketAddress address() {
    return server.api.address();
  }

  private JsonNode sent(int status, byte[] body, String... headers) {
    String[] all = Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "Content-Type";
    all[headers.length + 1] = TYPE;
    HttpResponse<String> answer = server.post(body, all);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return MAPPER.readTree(answer.body());
  }

  private List<String> ids() {
    return server.store.all().stream().map(Event::id).toList();
  }

  private static String lines(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> event("e" + i) + "\n")
        .collect(Collectors.joining());
  }

  private static byte[] head(String length) {
    return ("POST /api/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
            + TYPE
            + "\r\n"
            + length
            + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] chunk(String text) {
    return (Integer.toHexString(text.length()) + "\r\n" + text + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static String answer(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
  }
}
