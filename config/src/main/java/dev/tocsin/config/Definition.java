package dev.tocsin.config;

import dev.tocsin.config.document.DocumentJson;
import dev.tocsin.config.document.Node;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * An automation as it was declared, so that it can be read again after its file has changed: the
 * whole of what was written, as JSON in the order written. Holds no secret, since an automation can
 * name a webhook of the settings but not refer to a secret.
 *
 * @param fingerprint SHA-256 of the text, as 64 hexadecimal digits
 * @param json what was written
 */
public record Definition(String fingerprint, String json) {

  /** The definition with this text. */
  public static Definition of(String json) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
      return new Definition(HexFormat.of().formatHex(digest), json);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The definition that a part of a document is. */
  static Definition of(Node node) {
    return of(DocumentJson.write(node));
  }
}
