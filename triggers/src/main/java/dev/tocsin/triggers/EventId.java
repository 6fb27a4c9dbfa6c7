package dev.tocsin.triggers;

import org.jspecify.annotations.Nullable;

/**
 * The id of an event. Most often it is the canonical text of a UUID, which is stored as its 128
 * bits: text and bits are made of each other only once somebody asks.
 */
final class EventId {

  /** In the place of the bits: the text is not that of a UUID. */
  private static final Bits NONE = new Bits(0, 0);

  /* Each of the two is null until somebody asks, and does not change then. */
  private @Nullable String text;
  private @Nullable Bits bits;

  private EventId(@Nullable String text, @Nullable Bits bits) {
    this.text = text;
    this.bits = bits;
  }

  /** The two halves of a UUID. */
  private record Bits(long high, long low) {}

  static EventId of(String text) {
    return new EventId(text, null);
  }

  /** The id whose text is that of a UUID. */
  static EventId ofUuid(long high, long low) {
    return new EventId(null, new Bits(high, low));
  }

  String text() {
    String known = text;
    if (known == null) {
      known = PackedUuid.text(high(), low());
      text = known;
    }
    return known;
  }

  @SuppressWarnings("ReferenceEquality") // There is one that stands for none.
  boolean isUuid() {
    return bits() != NONE;
  }

  /** The first half of the UUID. */
  long high() {
    return bits().high();
  }

  /** The second half of the UUID. */
  long low() {
    return bits().low();
  }

  private Bits bits() {
    Bits known = bits;
    if (known == null) {
      byte[] digits = PackedUuid.digits(text());
      known = digits == null ? NONE : new Bits(PackedUuid.high(digits), PackedUuid.low(digits));
      bits = known;
    }
    return known;
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
