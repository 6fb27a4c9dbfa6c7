package dev.tocsin.benchmarks.daemon;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A receiver of webhooks on a free port of this machine: what came, and when. */
final class Arrivals implements AutoCloseable {

  private final HttpServer server;
  private final List<Arrival> arrivals = new ArrayList<>();

  /** A request that came. */
  record Arrival(String body, Instant at) {}

  Arrivals() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::receive);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /** Waits until there are so many; gives them all. */
  synchronized List<Arrival> await(int count) throws InterruptedException {
    while (arrivals.size() < count) {
      wait();
    }
    return List.copyOf(arrivals);
  }

  private void receive(HttpExchange exchange) throws IOException {
    Instant now = Instant.now();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    synchronized (this) {
      arrivals.add(new Arrival(body, now));
      notifyAll();
    }
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
