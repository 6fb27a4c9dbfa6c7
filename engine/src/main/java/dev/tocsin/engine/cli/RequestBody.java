package dev.tocsin.engine.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, read from a stream in pieces only as fast as it is sent, and compressed
 * with gzip if wanted. It remembers why reading failed, which the HTTP client does not report.
 */
final class RequestBody implements Iterator<byte[]> {

  private static final int PIECE = 64 * 1024;

  private final InputStream in;
  private final ByteArrayOutputStream piece = new ByteArrayOutputStream(PIECE);
  private final OutputStream out;
  private boolean isAtEnd;
  private volatile @Nullable IOException failure;

  RequestBody(InputStream in, boolean gzip) throws IOException {
    this.in = in;
    this.out = gzip ? new GZIPOutputStream(piece) : piece;
  }

  /** For one request; it cannot be sent twice. */
  BodyPublisher publisher() {
    return BodyPublishers.ofByteArrays(() -> this);
  }

  /** Why the input could not be read; null if it could. */
  @Nullable IOException failure() {
    return failure;
  }

  @Override
  public boolean hasNext() {
    try {
      byte[] read = new byte[PIECE];
      while (piece.size() == 0 && !isAtEnd) {
        int length = in.read(read);
        if (length < 0) {
          isAtEnd = true;
          out.close();
        } else {
          out.write(read, 0, length);
        }
      }
      return piece.size() > 0;
    } catch (IOException e) {
      failure = e;
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public byte[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    byte[] next = piece.toByteArray();
    piece.reset();
    return next;
  }
}
