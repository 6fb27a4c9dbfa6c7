package dev.tocsin.config.settings;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * Environment variables that Kubernetes sets in every container for the Services of its namespace.
 * For a Service {@code tocsin} they are {@code TOCSIN_SERVICE_HOST}, {@code TOCSIN_SERVICE_PORT},
 * {@code TOCSIN_SERVICE_PORT_<NAME>}, {@code TOCSIN_PORT} and {@code TOCSIN_PORT_<N>_<PROTOCOL>}
 * with its three parts; the prefix is the name of the Service in capitals, with {@code _} for
 * {@code -}. The values have a fixed form too, so that a misspelled setting is not taken for one of
 * them.
 */
final class KubernetesVariables {

  private static final String IP = "[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f]*(:[0-9A-Fa-f.]*){2,8}";
  private static final String PORT = "[0-9]{1,5}";
  private static final String PROTOCOL = "tcp|udp|sctp";
  private static final String URL = "(tcp|udp|sctp)://(\\[[0-9A-Fa-f:.]+]|[0-9.]+):[0-9]{1,5}";
  private static final String NUMBERED = "PORT_[0-9]{1,5}_(TCP|UDP|SCTP)";

  /** The form of the value by the form of the name behind {@code TOCSIN_}. */
  private static final Map<Pattern, Pattern> FORMS =
      Map.of(
          name("SERVICE_HOST"), Pattern.compile(IP),
          name("SERVICE_PORT(_[A-Z0-9_]+)?"), Pattern.compile(PORT),
          name("PORT"), Pattern.compile(URL),
          name(NUMBERED), Pattern.compile(URL),
          name(NUMBERED + "_PROTO"), Pattern.compile(PROTOCOL),
          name(NUMBERED + "_PORT"), Pattern.compile(PORT),
          name(NUMBERED + "_ADDR"), Pattern.compile(IP));

  private KubernetesVariables() {}

  /** Whether Kubernetes sets such a variable for a Service {@code tocsin} or {@code tocsin-…}. */
  static boolean isOne(String name, String value) {
    return FORMS.entrySet().stream()
        .anyMatch(
            form ->
                form.getKey().matcher(name).matches() && form.getValue().matcher(value).matches());
  }

  private static Pattern name(String form) {
    return Pattern.compile(Setting.VARIABLE_PREFIX + "([A-Z0-9_]+_)?(" + form + ")");
  }
}
