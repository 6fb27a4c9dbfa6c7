package dev.tocsin.actions;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A server on the loopback interface that does with a request what a test tells it to. */
final class HostileServer implements AutoCloseable {

  private final ServerSocket socket;
  private final String greeting;
  private final Manner manner;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicLong sent = new AtomicLong();
  private final CountDownLatch clientGone = new CountDownLatch(1);

  /** What happens on a connection after each request. */
  interface Manner {
    /** Whether the connection goes on. */
    boolean answer(Exchange exchange) throws IOException;
  }

  HostileServer(Manner manner) throws IOException {
    this("", manner);
  }

  /** With what is sent on each connection before anything is read. */
  HostileServer(String greeting, Manner manner) throws IOException {
    this.greeting = greeting;
    this.manner = manner;
    this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  String url() {
    return "http://" + authority() + "/hook";
  }

  String authority() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /** The requests that came, head and body as they were. */
  List<String> requests() {
    return requests;
  }

  int connections() {
    return connections.get();
  }

  long bytesSent() {
    return sent.get();
  }

  /** Waits until a client has left in the middle of an answer. */
  void awaitClientGone() throws InterruptedException {
    clientGone.await();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      Exchange exchange = new Exchange(connection);
      exchange.send(greeting);
      exchange.flush();
      while (exchange.readRequest() && manner.answer(exchange)) {
        exchange.flush();
      }
    } catch (IOException gone) {
      clientGone.countDown();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** One connection. */
  final class Exchange {
    private final Socket connection;
    private final InputStream in;
    private final OutputStream out;

    Exchange(Socket connection) throws IOException {
      this.connection = connection;
      this.in = connection.getInputStream();
      this.out = connection.getOutputStream();
    }

    boolean readRequest() throws IOException {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        int next = in.read();
        if (next < 0) {
          return false;
        }
        head.write(next);
      }
      String text = head.toString(StandardCharsets.ISO_8859_1);
      requests.add(text + new String(in.readNBytes(length(text)), StandardCharsets.UTF_8));
      return true;
    }

    private static int length(String head) {
      return head.toLowerCase(Locale.ROOT)
          .lines()
          .filter(line -> line.startsWith("content-length:"))
          .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
          .findFirst()
          .orElse(0);
    }

    boolean send(String text) throws IOException {
      return send(text.getBytes(StandardCharsets.UTF_8));
    }

    boolean send(byte[] bytes) throws IOException {
      out.write(bytes);
      sent.addAndGet(bytes.length);
      return true;
    }

    void flush() throws IOException {
      out.flush();
    }

    /** Waits until the client closes the connection. */
    boolean hang() throws IOException {
      flush();
      int next = in.read();
      if (next < 0) {
        clientGone.countDown();
      }
      return false;
    }

    /** Closes so that the client sees a reset. */
    boolean reset() throws IOException {
      connection.setSoLinger(true, 0);
      return false;
    }
  }
}
