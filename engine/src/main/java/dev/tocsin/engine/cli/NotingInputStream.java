package dev.tocsin.engine.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Notes why reading failed, since whoever reads for a request tells of it only in his own words.
 */
final class NotingInputStream extends FilterInputStream {

  private final AtomicReference<@Nullable IOException> failure;

  NotingInputStream(InputStream in, AtomicReference<@Nullable IOException> failure) {
    super(in);
    this.failure = failure;
  }

  @Override
  public int read() throws IOException {
    try {
      return super.read();
    } catch (IOException e) {
      failure.set(e);
      throw e;
    }
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      return super.read(bytes, offset, length);
    } catch (IOException e) {
      failure.set(e);
      throw e;
    }
  }
}
