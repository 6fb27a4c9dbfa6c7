package dev.tocsin.engine.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterInputStream;

/** Packs what is read from a stream by gzip (RFC 1952), as it is read. */
final class GzipInputStream extends InputStream {

  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
  private static final int TRAILER_LENGTH = 8;

  private final CRC32 check = new CRC32();
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
  private final InputStream packed;

  GzipInputStream(InputStream in) {
    InputStream body = new DeflaterInputStream(new CheckedInputStream(in, check), deflater);
    this.packed =
        new SequenceInputStream(
            Collections.enumeration(
                List.of(new ByteArrayInputStream(HEADER), body, new Trailer())));
  }

  @Override
  public int read() throws IOException {
    return packed.read();
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return packed.read(bytes, offset, length);
  }

  @Override
  public void close() throws IOException {
    packed.close();
    deflater.end();
  }

  /** Checksum and length, known when all before has been read. */
  private final class Trailer extends InputStream {

    private final ByteBuffer bytes =
        ByteBuffer.allocate(TRAILER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    private boolean isWritten;

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) {
      if (!isWritten) {
        bytes.putInt((int) check.getValue()).putInt((int) deflater.getBytesRead()).flip();
        isWritten = true;
      }
      int part = Math.min(length, bytes.remaining());
      bytes.get(to, offset, part);
      return part == 0 ? -1 : part;
    }
  }
}
