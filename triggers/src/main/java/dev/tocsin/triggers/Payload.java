package dev.tocsin.triggers;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The payload of an event as the bytes that came: one JSON object in UTF-8. It is parsed only by
 * those who need its content.
 */
public final class Payload {

  /** No payload: the empty object. */
  public static final Payload EMPTY = new Payload("{}".getBytes(StandardCharsets.UTF_8));

  private final byte[] json;

  private Payload(byte[] json) {
    this.json = json;
  }

  /**
   * A payload of bytes that are one JSON object; that they are is the caller's promise. The array
   * is taken over and must not be changed any more.
   */
  public static Payload ofJson(byte[] json) {
    return new Payload(json);
  }

  /** A payload of text that is one JSON object. */
  public static Payload ofJson(String json) {
    return new Payload(json.getBytes(StandardCharsets.UTF_8));
  }

  /** The bytes themselves, not to be changed. */
  public byte[] json() {
    return json;
  }

  /** The number of bytes. */
  public int size() {
    return json.length;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Payload that && Arrays.equals(json, that.json);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(json);
  }

  @Override
  public String toString() {
    return new String(json, StandardCharsets.UTF_8);
  }
}
