package dev.tocsin.triggers.keyed;

import org.jspecify.annotations.Nullable;

/**
 * The id of an event. Most often it is the canonical text of a UUID, which is known by its 128
 * bits: where these were stored, the text is made of them once somebody asks.
 */
public final class EventId {

  private final boolean isUuid;
  private final long high;
  private final long low;

  /** Null until somebody asks, and does not change then. */
  private @Nullable String text;

  private EventId(@Nullable String text, boolean isUuid, long high, long low) {
    this.text = text;
    this.isUuid = isUuid;
    this.high = high;
    this.low = low;
  }

  public static EventId of(String text) {
    byte[] digits = PackedUuid.digits(text);
    return digits == null
        ? new EventId(text, false, 0, 0)
        : new EventId(text, true, PackedUuid.high(digits), PackedUuid.low(digits));
  }

  /** The id whose text is that of a UUID. */
  static EventId ofUuid(long high, long low) {
    return new EventId(null, true, high, low);
  }

  public String text() {
    String known = text;
    if (known == null) {
      known = PackedUuid.text(high, low);
      text = known;
    }
    return known;
  }

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
    return other instanceof EventId that && text().equals(that.text());
  }

  @Override
  public int hashCode() {
    return text().hashCode();
  }

  @Override
  public String toString() {
    return text();
  }
}
