package dev.tocsin.actions;

import org.jspecify.annotations.Nullable;

/** Text that may be used but never shown: it prints as stars. */
public final class Secret {

  private final String value;

  /** Hides a text. */
  public Secret(String value) {
    this.value = value;
  }

  /** The text, for the one place that sends it. */
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secret that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "********";
  }
}
