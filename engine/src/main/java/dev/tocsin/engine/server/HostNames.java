package dev.tocsin.engine.server;

import dev.tocsin.config.settings.HttpSettings;
import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The host names under which this server answers: {@code localhost}, every IP literal, and the
 * names of the settings. A page that rebinds its own name to this server's address (DNS rebinding)
 * is not among them.
 */
final class HostNames {

  private static final String LOCALHOST = "localhost";

  private final Set<String> names = new HashSet<>();

  /** Those of the settings: {@code hosts}, and the name to listen on. */
  static HostNames of(HttpSettings settings) {
    List<String> names = new ArrayList<>(settings.hosts());
    String listen = settings.listen().host();
    boolean isLiteral = NetUtil.isValidIpV4Address(listen) || NetUtil.isValidIpV6Address(listen);
    if (!isLiteral && !listen.equalsIgnoreCase(LOCALHOST)) {
      names.add(listen);
    }
    return new HostNames(names);
  }

  private HostNames(Collection<String> names) {
    for (String name : names) {
      this.names.add(name.toLowerCase(Locale.ROOT));
    }
  }

  /** The host of {@code host[:port]}, an IPv6 literal in brackets; null if it has another form. */
  static @Nullable String hostOf(String authority) {
    int end = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
    if (end < 0) {
      end = authority.length();
    }
    if (end == 0 || (end < authority.length() && !isPort(authority, end))) {
      return null;
    }
    return end == authority.length() ? authority : authority.substring(0, end);
  }

  /** Whether this server answers under a host, which has no port. */
  boolean contains(String host) {
    return host.equalsIgnoreCase(LOCALHOST) || isIpLiteral(host) || isNamed(host);
  }

  /**
   * Whether a page of this origin comes from this server: it has the authority of the request, or a
   * name of the settings. Another port of {@code localhost} or of an IP address is another server.
   *
   * @param origin value of an {@code Origin} header
   * @param authority host and port of the request
   */
  boolean isOwnOrigin(String origin, String authority) {
    int colons = origin.indexOf("://");
    if (colons < 0) {
      return false;
    }
    String defaultPort = origin.startsWith("https") ? ":443" : ":80";
    String ofPage = origin.substring(colons + "://".length());
    if (withoutPort(ofPage, defaultPort).equalsIgnoreCase(withoutPort(authority, defaultPort))) {
      return true;
    }
    String host = hostOf(ofPage);
    return host != null && isNamed(host);
  }

  private boolean isNamed(String host) {
    return !names.isEmpty() && names.contains(host.toLowerCase(Locale.ROOT));
  }

  private static boolean isIpLiteral(String host) {
    return host.startsWith("[")
        ? NetUtil.isValidIpV6Address(host.substring(1, host.length() - 1))
        : NetUtil.isValidIpV4Address(host);
  }

  private static String withoutPort(String authority, String port) {
    return authority.endsWith(port)
        ? authority.substring(0, authority.length() - port.length())
        : authority;
  }

  /** Whether a colon and digits follow. */
  private static boolean isPort(String authority, int from) {
    if (authority.charAt(from) != ':') {
      return false;
    }
    for (int i = from + 1; i < authority.length(); i++) {
      if (authority.charAt(i) < '0' || authority.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
