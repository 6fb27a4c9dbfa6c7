package dev.tocsin.actions.webhook;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Replaces secrets of a request by stars in its answer, in any case of letters. A secret is also
 * found percent-encoded (where needed, or wholly) or decoded, as JSON escapes it (where needed, or
 * wholly as {@code \\uXXXX}), in hexadecimal digits, and in Base64 of both alphabets, also as part
 * of a longer text.
 *
 * @param secrets what may not be shown, longest first
 */
public record Redaction(List<String> secrets) {

  /** Of a request without secrets. */
  public static final Redaction NONE = new Redaction(List.of());

  /** Shorter ones are no secrets, and stars in their place would only garble an answer. */
  private static final int MIN_LENGTH = 4;

  /** Copies. */
  public Redaction {
    secrets = List.copyOf(secrets);
  }

  /** Of these secrets; one of less than 4 characters is left as it is. */
  public static Redaction of(Collection<String> secrets) {
    return new Redaction(
        secrets.stream()
            .filter(secret -> secret.length() >= MIN_LENGTH)
            .flatMap(Redaction::forms)
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList());
  }

  private static Stream<String> forms(String secret) {
    return Stream.of(secret, decoded(secret))
        .flatMap(
            plain -> {
              String escaped = plain.replace("\\", "\\\\").replace("\"", "\\\"");
              String encoded = URLEncoder.encode(plain, StandardCharsets.UTF_8);
              byte[] bytes = plain.getBytes(StandardCharsets.UTF_8);
              Stream<String> written =
                  Stream.of(
                      plain,
                      escaped,
                      escaped.replace("/", "\\/"),
                      encoded,
                      encoded.replace("+", "%20"),
                      HexFormat.of().formatHex(bytes),
                      HexFormat.of().withPrefix("%").formatHex(bytes),
                      plain.chars().mapToObj("\\u%04x"::formatted).collect(Collectors.joining()));
              return Stream.concat(written, base64(bytes));
            })
        .filter(form -> form.length() >= MIN_LENGTH);
  }

  /**
   * The secret in Base64 at each of the three places that it may have in what is encoded: only the
   * characters that depend on the secret alone.
   */
  private static Stream<String> base64(byte[] secret) {
    return IntStream.range(0, 3)
        .mapToObj(
            before -> {
              byte[] padded = new byte[before + secret.length];
              System.arraycopy(secret, 0, padded, before, secret.length);
              String all = Base64.getEncoder().withoutPadding().encodeToString(padded);
              int whole = padded.length * 8 / 6;
              return all.substring((before * 8 + 5) / 6, whole);
            })
        .flatMap(text -> Stream.of(text, text.replace('+', '-').replace('/', '_')));
  }

  private static String decoded(String secret) {
    try {
      return URLDecoder.decode(secret.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return secret;
    }
  }

  /** The text with stars in place of each secret. */
  public String text(String text) {
    return redacted(text, false);
  }

  /** The same of a text that was cut off, perhaps in the middle of a secret. */
  public String beginning(String text) {
    return redacted(text, true);
  }

  private String redacted(String text, boolean isCut) {
    StringBuilder shown = new StringBuilder();
    int place = 0;
    while (place < text.length()) {
      int length = secretAt(text, place, isCut);
      if (length == 0) {
        shown.append(text.charAt(place));
        place++;
      } else {
        shown.append(ResponseHeaders.REDACTED);
        place += length;
      }
    }
    return shown.toString();
  }

  /** The length of the secret at a place; 0 for none. */
  private int secretAt(String text, int place, boolean isCut) {
    int rest = text.length() - place;
    for (String secret : secrets) {
      int length = isCut && rest >= MIN_LENGTH ? Math.min(rest, secret.length()) : secret.length();
      if (text.regionMatches(true, place, secret, 0, length)) {
        return length;
      }
    }
    return 0;
  }

  @Override
  public String toString() {
    return ResponseHeaders.REDACTED;
  }
}
