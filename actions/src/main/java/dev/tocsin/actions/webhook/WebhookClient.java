package dev.tocsin.actions.webhook;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionPoolMetrics;
import reactor.netty.resources.ConnectionProvider;

/**
 * Sends calls. Connections are kept and used again; redirects are not followed; an answer is read
 * to a bound and the rest of it refused; a call ends within its timeout, whatever the server does.
 */
public final class WebhookClient {

  private static final int MAX_CONNECTIONS = 64;
  private static final int MAX_WAITING = 1_024;
  private static final Duration MAX_IDLE = Duration.ofSeconds(20);

  /** A host that is not called for this long leaves nothing behind. */
  private static final Duration MAX_INACTIVE = Duration.ofMinutes(1);

  private static final int MAX_HEADER_BYTES = 65_536;
  private static final int MAX_PHRASE_LENGTH = 100;

  private final Duration timeout;
  private final int maxResponseBytes;
  private final Scheduler timer;
  private final ConnectionProvider connections;
  private final HttpClient client;
  private final PooledHosts hosts = new PooledHosts();

  /**
   * A client with connections of its own.
   *
   * @param timeout maximum duration of a call, to the end of its answer
   * @param maxResponseBytes maximum bytes of an answer's body
   * @param timer counts the time
   */
  public WebhookClient(Duration timeout, int maxResponseBytes, Scheduler timer) {
    this(timeout, maxResponseBytes, timer, MAX_IDLE, MAX_INACTIVE);
  }

  /** The same, with other times for connections and hosts that are not used. */
  WebhookClient(
      Duration timeout,
      int maxResponseBytes,
      Scheduler timer,
      Duration maxIdle,
      Duration maxInactive) {
    this.timeout = timeout;
    this.maxResponseBytes = maxResponseBytes;
    this.timer = timer;
    this.connections =
        ConnectionProvider.builder("webhooks")
            .maxConnections(MAX_CONNECTIONS)
            .pendingAcquireMaxCount(MAX_WAITING)
            .maxIdleTime(maxIdle)
            .evictInBackground(maxInactive)
            .disposeInactivePoolsInBackground(maxInactive, maxInactive)
            .metrics(true, () -> hosts)
            .build();
    this.client =
        HttpClient.create(connections)
            .followRedirect(false)
            .httpResponseDecoder(decoder -> decoder.maxHeaderSize(MAX_HEADER_BYTES));
  }

  /** Sends a request when subscribed to. Never an error: what went wrong is an answer too. */
  public Mono<WebhookAnswer> call(WebhookRequest request) {
    return Mono.using(() -> new Body(request), body -> send(request, body), Body::close)
        .timeout(timeout, timer)
        .onErrorResume(
            failure ->
                Mono.just(
                    new WebhookAnswer.Unanswered(
                        CallFailure.reason(failure, request.target(), timeout))));
  }

  private Mono<WebhookAnswer> send(WebhookRequest request, Body body) {
    return client
        .headers(headers -> request.headers().forEach(headers::set))
        .request(HttpMethod.valueOf(request.method()))
        .uri(request.url())
        .send(body.content())
        .response((response, content) -> read(response, content, request.redaction()))
        .next();
  }

  private Publisher<WebhookAnswer> read(
      HttpClientResponse response, ByteBufFlux content, Redaction redaction) {
    return Flux.defer(
        () -> {
          Beginning beginning = new Beginning(maxResponseBytes);
          return content
              .asByteArray()
              .takeUntil(beginning::add)
              .then(Mono.fromSupplier(() -> answered(response, beginning, redaction)));
        });
  }

  private static WebhookAnswer answered(
      HttpClientResponse response, Beginning body, Redaction redaction) {
    return new WebhookAnswer.Answered(
        response.status().code(),
        phrase(redaction.text(response.status().reasonPhrase())),
        ResponseHeaders.redacted(response.responseHeaders(), redaction),
        body.isWhole() ? redaction.text(body.text()) : redaction.beginning(body.text()),
        body.isWhole());
  }

  private static String phrase(String phrase) {
    return phrase.length() > MAX_PHRASE_LENGTH ? phrase.substring(0, MAX_PHRASE_LENGTH) : phrase;
  }

  /** The number of hosts for which it keeps connections. */
  int hosts() {
    return hosts.pools.get();
  }

  /** Closes the connections. */
  public Mono<Void> close() {
    return connections.disposeLater();
  }

  /**
   * The body of a call, until the call ends. The connections of a host keep a reference to what its
   * first call sent; so this refers to nothing afterwards.
   */
  private static final class Body implements AutoCloseable {

    private final boolean isEmpty;
    private volatile @Nullable WebhookRequest request;

    Body(WebhookRequest request) {
      this.isEmpty = request.body().isEmpty();
      this.request = request;
    }

    Publisher<ByteBuf> content() {
      return isEmpty ? Mono.empty() : Mono.fromSupplier(this::bytes);
    }

    private @Nullable ByteBuf bytes() {
      WebhookRequest sent = request;
      return sent == null ? null : Unpooled.wrappedBuffer(sent.bytes());
    }

    @Override
    public void close() {
      request = null;
    }
  }

  /** Counts pools of connections: each host has one. */
  private static final class PooledHosts implements ConnectionProvider.MeterRegistrar {

    private final AtomicInteger pools = new AtomicInteger();

    @Override
    public void registerMetrics(
        String name, String id, SocketAddress address, ConnectionPoolMetrics metrics) {
      pools.incrementAndGet();
    }

    @Override
    public void deRegisterMetrics(String name, String id, SocketAddress address) {
      pools.decrementAndGet();
    }
  }

  /** The beginning of a body, as it arrives. */
  private static final class Beginning {

    private final int most;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean whole = true;

    Beginning(int most) {
      this.most = most;
    }

    /** Takes in what there is room for; whether there was too much. */
    boolean add(byte[] more) {
      int room = Math.min(more.length, most - bytes.size());
      bytes.write(more, 0, room);
      whole = room == more.length;
      return !whole;
    }

    boolean isWhole() {
      return whole;
    }

    /** As UTF-8; invalid bytes are replaced, and a character cut in two at the end is left out. */
    String text() {
      String text = bytes.toString(StandardCharsets.UTF_8);
      return !whole && text.endsWith("\uFFFD") ? text.substring(0, text.length() - 1) : text;
    }
  }
}
