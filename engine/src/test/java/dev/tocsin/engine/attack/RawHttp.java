package dev.tocsin.engine.attack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** HTTP by hand, for requests that no client sends. */
final class RawHttp {

  /** Time without a byte after which a connection counts as hanging. */
  static final int TIMEOUT_MILLIS = 30_000;

  private static final int MAX_HEAD = 100_000;

  private RawHttp() {}

  /** Connects. */
  static Socket open(URI daemon) throws IOException {
    return open(daemon, 0);
  }

  /** Connects with a receive buffer of a size in bytes; 0 leaves it to the system. */
  static Socket open(URI daemon, int receiveBuffer) throws IOException {
    Socket socket = new Socket();
    try {
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(new InetSocketAddress(daemon.getHost(), daemon.getPort()), TIMEOUT_MILLIS);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Writes text as Latin-1. */
  static void write(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** Closes with a reset in place of an orderly end. */
  static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** The status of the next answer; -1 if the connection ends before it. */
  static int status(Socket socket) throws IOException {
    String head = head(socket.getInputStream());
    return head.startsWith("HTTP/1.1 ") ? Integer.parseInt(head.substring(9, 12)) : -1;
  }

  /** A head up to its empty line, or what comes before the end of the stream. */
  static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < MAX_HEAD && head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      head.append((char) next);
    }
    return head.toString();
  }

  /** The head of a request; {@code lines} are further fields. */
  static String request(String method, String target, String... lines) {
    StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    head.append("Host: localhost\r\n");
    for (String line : lines) {
      head.append(line).append("\r\n");
    }
    return head.append("\r\n").toString();
  }

  /** Gets a path on a connection of its own: the status; -1 if there was no answer. */
  static int get(URI daemon, String target) throws IOException {
    try (Socket socket = open(daemon)) {
      write(socket, request("GET", target, "Connection: close"));
      return status(socket);
    }
  }

  /** Posts JSON on a connection of its own: the status; -1 if there was no answer. */
  static int post(URI daemon, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    try (Socket socket = open(daemon)) {
      write(
          socket,
          request(
              "POST",
              "/api/events",
              "Content-Type: application/json",
              "Content-Length: " + body.length,
              "Connection: close"));
      socket.getOutputStream().write(body);
      return status(socket);
    }
  }
}
