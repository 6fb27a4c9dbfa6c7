package dev.tocsin.engine;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A receiver of webhooks on a free port. What it answers is said by the path: a status such as
 * {@code /500}, {@code /hang} until it is let go, {@code /huge} with 100 MB, else 200.
 */
public final class WebhookReceiver implements AutoCloseable {

  /** A request that came. */
  public record Request(String method, String path, String body, String key) {}

  private static final int HUGE = 100_000_000;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();

  /** Listens on a free port. */
  public WebhookReceiver() throws IOException {
    this(0);
  }

  WebhookReceiver(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(threads);
    server.createContext("/", this::receive);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Its address, without a path. */
  public String url() {
    return "http://127.0.0.1:" + port();
  }

  /** The next request; waits for it. */
  public Request next() throws InterruptedException {
    return requests.take();
  }

  /** How many requests have come and were not asked for. */
  public int waiting() {
    return requests.size();
  }

  /** Lets those go that hang. */
  void release() {
    released.countDown();
  }

  /** The most requests that were under way at the same time. */
  int mostAtOnce() {
    return mostAtOnce.get();
  }

  private void receive(HttpExchange exchange) throws IOException {
    mostAtOnce.accumulateAndGet(underWay.incrementAndGet(), Math::max);
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      byte[] body = exchange.getRequestBody().readAllBytes();
      requests.add(
          new Request(
              exchange.getRequestMethod(),
              path,
              new String(body, StandardCharsets.UTF_8),
              String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key"))));
      answer(exchange, path);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      underWay.decrementAndGet();
    }
  }

  private void answer(HttpExchange exchange, String path) throws IOException, InterruptedException {
    switch (path) {
      case "/hang" -> {
        released.await();
        exchange.sendResponseHeaders(200, -1);
      }
      case "/huge" -> {
        exchange.sendResponseHeaders(200, HUGE);
        try (OutputStream out = exchange.getResponseBody()) {
          byte[] part = new byte[100_000];
          for (int sent = 0; sent < HUGE; sent += part.length) {
            out.write(part);
          }
        }
      }
      default ->
          exchange.sendResponseHeaders(
              path.matches("/[1-5]\\d\\d") ? Integer.parseInt(path.substring(1)) : 200, -1);
    }
  }

  @Override
  public void close() {
    release();
    server.stop(0);
    threads.shutdownNow();
  }
}
