package dev.tocsin.benchmarks.daemon;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * One connection that is kept alive, one request at a time on it: as little of a client as can be,
 * for it shares the processors with the daemon.
 */
final class Connection implements AutoCloseable {

  private static final String LENGTH = "\r\ncontent-length:";

  private final Socket socket;
  private final OutputStream out;
  private final InputStream in;
  private final byte[] buffer = new byte[64 * 1024];

  /** What came back. */
  record Answer(int status, String body) {}

  Connection(URI daemon) throws IOException {
    socket = new Socket(daemon.getHost(), daemon.getPort());
    socket.setTcpNoDelay(true);
    out = socket.getOutputStream();
    in = socket.getInputStream();
  }

  Answer get(String target) throws IOException {
    String head = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    return exchange(head.getBytes(StandardCharsets.US_ASCII));
  }

  Answer post(String target, String type, byte[] body) throws IOException {
    byte[] head =
        (head(target, type) + "Content-Length: " + body.length + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] request = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, request, head.length, body.length);
    return exchange(request);
  }

  /** Begins a body of unknown length, which {@link #chunk} and {@link #end} go on with. */
  void begin(String target, String type) throws IOException {
    String head = head(target, type) + "Transfer-Encoding: chunked\r\n\r\n";
    out.write(head.getBytes(StandardCharsets.US_ASCII));
  }

  void chunk(byte[] bytes, int length) throws IOException {
    out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.write(bytes, 0, length);
    out.write('\r');
    out.write('\n');
  }

  Answer end() throws IOException {
    return exchange("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static String head(String target, String type) {
    return "POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\n";
  }

  private Answer exchange(byte[] request) throws IOException {
    out.write(request);
    int length = 0;
    int headEnd = -1;
    while (headEnd < 0) {
      length += read(length);
      headEnd = endOfHead(length);
    }
    String head = new String(buffer, 0, headEnd, StandardCharsets.US_ASCII);
    int end = headEnd + lengthOfBody(head);
    while (length < end) {
      length += read(length);
    }
    String body = new String(buffer, headEnd, end - headEnd, StandardCharsets.UTF_8);
    return new Answer(Integer.parseInt(head, 9, 12, 10), body);
  }

  private int read(int at) throws IOException {
    int read = in.read(buffer, at, buffer.length - at);
    if (read <= 0) {
      throw new EOFException("the daemon closed the connection, or its answer is over 64 KiB");
    }
    return read;
  }

  private int endOfHead(int length) {
    for (int i = 3; i < length; i++) {
      if (buffer[i] == '\n' && buffer[i - 1] == '\r' && buffer[i - 2] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private static int lengthOfBody(String head) {
    String lower = head.toLowerCase(Locale.ROOT);
    int at = lower.indexOf(LENGTH);
    if (at < 0) {
      return 0;
    }
    int start = at + LENGTH.length();
    return Integer.parseInt(lower.substring(start, lower.indexOf('\r', start)).strip());
  }
}
