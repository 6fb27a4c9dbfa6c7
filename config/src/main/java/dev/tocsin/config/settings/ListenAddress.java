package dev.tocsin.config.settings;

import org.jspecify.annotations.Nullable;

/**
 * Address to listen on.
 *
 * @param host name or IP literal, without brackets
 * @param port 0 is any free port
 */
public record ListenAddress(String host, int port) {

  private static final int MAX_PORT = 65_535;

  /** Refuses a port outside of 0 to 65535. */
  public ListenAddress {
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("port must be 0 to " + MAX_PORT + ", not " + port);
    }
  }

  /** Parses {@code host:port}, an IPv6 host in brackets; null if the text has another form. */
  static @Nullable ListenAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    boolean isBracketed = host.startsWith("[") && host.endsWith("]") && host.length() > 2;
    String bare = isBracketed ? host.substring(1, host.length() - 1) : host;
    boolean isHost = isBracketed ? bare.matches("[0-9A-Fa-f:.%a-z]+") : bare.matches("[\\w.-]+");
    String digits = text.substring(colon + 1);
    boolean isPort = digits.matches("\\d{1,5}") && Integer.parseInt(digits) <= MAX_PORT;
    return isHost && isPort ? new ListenAddress(bare, Integer.parseInt(digits)) : null;
  }

  /** As in the settings, an IPv6 host in brackets. */
  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
