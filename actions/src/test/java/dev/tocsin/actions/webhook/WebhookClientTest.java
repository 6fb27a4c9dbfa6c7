package dev.tocsin.actions.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
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
}
