package dev.tocsin.triggers;

import org.jspecify.annotations.Nullable;

/**
 * The id of an event. Most often it is the canonical text of a UUID, which is held as its 128 bits:
 * an id that was stored becomes a text again only once somebody asks for it.
 */
final class EventId {

  private @Nullable String text;
  private final boolean isUuid;
  private final long high;
  private final long low;

  private EventId(@Nullable String text, boolean isUuid, long high, long low) {
    this.text = text;
    this.isUuid = isUuid;
    this.high = high;
    this.low = low;
  }

  static EventId of(String text) {
    byte[] digits = PackedUuid.digits(text);
    return digits == null
        ? new EventId(text, false, 0, 0)
        : new EventId(text, true, PackedUuid.high(digits), PackedUuid.low(digits));
  }

  /** The id whose text is that of a UUID. */
  static EventId ofUuid(long high, long low) {
    return new EventId(null, true, high, low);
  }

  String text() {
    String known = text;
    if (known == null) {
      known = PackedUuid.text(high, low);
      text = known;
    }
    return known;
  }

  /** Whether the text is that of a UUID. */
  boolean isUuid() {
    return isUuid;
  }

  /** The first half of the UUID. */
  long high() {
    return high;
  }

  /** The second half of the UUID. */
  long low() {
    return low;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EventId that
        && isUuid == that.isUuid
        && (isUuid ? high == that.high && low == that.low : text().equals(that.text()));
  }

  @Override
  public int hashCode() {
    return isUuid ? Long.hashCode(high ^ low) : text().hashCode();
  }

  @Override
  public String toString() {
    return text();
  }
}
