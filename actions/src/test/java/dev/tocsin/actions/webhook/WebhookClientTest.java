package dev.tocsin.actions.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

class WebhookClientTest {

  private static final Duration BRIEF = Duration.ofMillis(50);

  @Test
  void aHostThatIsNoLongerCalledLeavesNothingBehind() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> exchange.sendResponseHeaders(204, -1));
    server.start();
    WebhookClient client =
        new WebhookClient(Duration.ofSeconds(15), 100, Schedulers.parallel(), BRIEF, BRIEF);
    try {
      int port = server.getAddress().getPort();
      Flux.range(2, 20)
          .map(i -> URI.create("http://127.0.0.1:" + port + "/" + i))
          .concatMap(
              url ->
                  client.call(
                      new WebhookRequest("test", "POST", url, Map.of(), "{}", Redaction.NONE)))
          .blockLast();
      assertThat(client.hosts()).as("one host").isLessThanOrEqualTo(1);
      Flux.interval(BRIEF).takeUntil(_ -> client.hosts() == 0).blockLast();
    } finally {
      client.close().block();
      server.stop(0);
    }
  }

  @Test
  void theConnectionsOfAHostHoldNoBody() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> exchange.sendResponseHeaders(204, -1));
    server.start();
    WebhookClient client = new WebhookClient(Duration.ofSeconds(15), 100, Schedulers.parallel());
    try {
      URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
      WeakReference<String> body = sent(client, url);
      Flux.interval(BRIEF)
          .doOnNext(_ -> System.gc())
          .takeUntil(_ -> body.refersTo(null))
          .blockLast(Duration.ofSeconds(30));
      assertThat(client.hosts()).as("one host").isEqualTo(1);
    } finally {
      client.close().block();
      server.stop(0);
    }
  }

  private static WeakReference<String> sent(WebhookClient client, URI url) {
    String body = "x".repeat(100_000);
    client.call(new WebhookRequest("test", "POST", url, Map.of(), body, Redaction.NONE)).block();
    return new WeakReference<>(body);
  }
}
