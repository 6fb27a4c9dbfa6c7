package dev.tocsin.config.settings;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long and how much a store keeps.
 *
 * @param age what was received longer ago goes; null for no limit
 * @param bytes the oldest goes while more are in use; null for no limit
 */
public record Retention(@Nullable Duration age, @Nullable Long bytes) {

  /** Everything is kept. */
  public static final Retention FOREVER = new Retention(null, null);
}
