package dev.tocsin.engine.attack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A receiver of webhooks on many ports. The path of a call chooses how it misbehaves. */
final class HostileReceiver implements AutoCloseable {

  private static final int PORTS = 80;

  private final List<ServerSocket> servers = new ArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);

  HostileReceiver() throws IOException {
    for (int i = 0; i < PORTS; i++) {
      ServerSocket server = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
      servers.add(server);
      threads.execute(() -> accept(server));
    }
  }

  /** Addresses without a path, each another destination. */
  List<String> urls() {
    return servers.stream().map(server -> "http://127.0.0.1:" + server.getLocalPort()).toList();
  }

  /** The first of its addresses. */
  String url() {
    return urls().getFirst();
  }

  /** The number of calls to a path so far. */
  int calls(String path) {
    AtomicInteger count = calls.get(path);
    return count == null ? 0 : count.get();
  }

  private void accept(ServerSocket server) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        threads.execute(() -> serve(socket));
      } catch (IOException end) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      String head = RawHttp.head(in);
      while (head.contains("\r\n\r\n")) {
        String path = head.split(" ", 3)[1];
        calls.computeIfAbsent(path, _ -> new AtomicInteger()).incrementAndGet();
        in.skipNBytes(length(head));
        answer(socket, path);
        head = RawHttp.head(in);
      }
    } catch (IOException gone) {
      // The daemon has left, or the receiver was closed.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
    }
  }

  private static long length(String head) {
    for (String line : head.lines().toList()) {
      if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
        return Long.parseLong(line.substring(15).strip());
      }
    }
    return 0;
  }

  private void answer(Socket socket, String path) throws IOException, InterruptedException {
    switch (path) {
      case "/hang" -> closed.await();
      case "/long-name" -> ok(socket, "a".repeat(50_001) + ": 1\r\n", "");
      case "/long-value" -> ok(socket, "a: " + "1".repeat(60_000) + "\r\n", "");
      case "/many-headers" -> ok(socket, "aaaa: 1\r\n".repeat(5_000), "");
      case "/deep" -> ok(socket, "", "[".repeat(30_000));
      case "/odd-bytes" -> ok(socket, "b: \u0001\u00ff\r\n", "\u0000\u00ff\u00c0\u0080");
      case "/secret-like" -> ok(socket, "Authorization: x\r\nset-cookie: y\r\n", "{}");
      case "/interim" -> {
        RawHttp.write(socket, "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n".repeat(20));
        ok(socket, "", "");
      }
      case "/endless-head" -> endless(socket, "HTTP/1.1 200 OK\r\n", "a: b\r\n".repeat(1_000));
      case "/endless-body" -> endless(socket, "HTTP/1.1 200 OK\r\n\r\n", "x".repeat(10_000));
      case "/garbage" -> RawHttp.write(socket, "\u0000\u0001 not HTTP \r\n\r\n");
      case "/reset" -> RawHttp.reset(socket);
      case "/short" -> {
        RawHttp.write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx");
        socket.close();
      }
      case "/surplus" -> {
        ok(socket, "", "");
        ok(socket, "", "one more");
      }
      default -> ok(socket, "", "");
    }
  }

  private static void ok(Socket socket, String fields, String body) throws IOException {
    int length = body.getBytes(StandardCharsets.ISO_8859_1).length;
    RawHttp.write(
        socket, "HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + length + "\r\n\r\n" + body);
  }

  /** Ends when the other side closes the connection. */
  private static void endless(Socket socket, String first, String again) throws IOException {
    RawHttp.write(socket, first);
    OutputStream out = socket.getOutputStream();
    byte[] part = again.getBytes(StandardCharsets.ISO_8859_1);
    while (true) {
      out.write(part);
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    for (ServerSocket server : servers) {
      server.close();
    }
    for (Socket socket : open) {
      socket.close();
    }
    threads.shutdownNow();
  }
}
