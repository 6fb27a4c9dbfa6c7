package dev.tocsin.engine.store;

import java.nio.ByteBuffer;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of events ended.
 *
 * @param occurred of its last event, in microseconds since the epoch
 * @param sequence of its last event
 * @param horizon last sequence number when the first page was read: later ones are on no page
 * @param total number of events on all pages, counted once for the first
 */
record EventCursor(long occurred, long sequence, long horizon, long total) {

  private static final int SIZE = 4 * Long.BYTES;

  /** Reads what {@link #text} wrote. */
  static EventCursor of(String text) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw unknown(text, e);
    }
    if (bytes.length != SIZE) {
      throw unknown(text, null);
    }
    ByteBuffer numbers = ByteBuffer.wrap(bytes);
    return new EventCursor(
        numbers.getLong(), numbers.getLong(), numbers.getLong(), numbers.getLong());
  }

  /** Letters, digits, {@code -} and {@code _}. */
  String text() {
    ByteBuffer numbers = ByteBuffer.allocate(SIZE);
    numbers.putLong(occurred).putLong(sequence).putLong(horizon).putLong(total);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(numbers.array());
  }

  private static IllegalArgumentException unknown(String text, @Nullable Throwable cause) {
    String shown = text.length() > 50 ? text.substring(0, 50) + "…" : text;
    return new IllegalArgumentException(
        "cursor must be the `next` of an earlier page, not \"" + shown + "\"", cause);
  }
}
