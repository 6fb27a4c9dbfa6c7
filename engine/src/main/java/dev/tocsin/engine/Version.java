package dev.tocsin.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this program, as the build wrote it. */
public final class Version {

  /** For example {@code 0.1.0}. */
  public static final String TEXT = read();

  /** The {@code User-Agent} of webhook calls. */
  public static final String USER_AGENT = "tocsin/" + TEXT;

  private Version() {}

  private static String read() {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("/tocsin-version.properties")) {
      if (in == null) {
        throw new IllegalStateException("tocsin-version.properties is missing from the jar");
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "unknown");
  }
}
