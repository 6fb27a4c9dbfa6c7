package dev.tocsin.engine.store;

import dev.tocsin.triggers.Causation;
import dev.tocsin.wire.EncodedEvent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Values as stored in the tables. Instants are microseconds since the epoch. */
final class SqliteRows {

  private SqliteRows() {}

  static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /** The definition of a row with the columns {@code fingerprint, body}. */
  static StoredDefinition definition(ResultSet row) throws SQLException {
    StoredDefinition definition =
        new StoredDefinition(row.getString("fingerprint"), row.getString("body"));
    if (!fingerprint(definition.body()).equals(definition.fingerprint())) {
      throw new IllegalArgumentException("its text is not the one that its fingerprint is of");
    }
    return definition;
  }

  /** The fingerprint of a definition: its SHA-256 in hexadecimal digits. */
  static String fingerprint(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** What {@code checksum} contains of these bytes: CRC-32C. */
  static long checksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    return checksum.getValue();
  }

  /** The event of a row with the columns {@code received, depth, origin, body}. */
  static EncodedEvent event(ResultSet row) throws SQLException {
    return event(row, instant(row.getLong("received")));
  }

  /** The event of a row with the columns {@code depth, origin, body}, not yet received. */
  static EncodedEvent waitingEvent(ResultSet row) throws SQLException {
    return event(row, null);
  }

  /** The event of a row with the columns {@code received, depth, origin, body} as JSON. */
  static byte[] eventJson(ResultSet row) throws SQLException {
    return event(row).json();
  }

  private static EncodedEvent event(ResultSet row, @Nullable Instant received) throws SQLException {
    String origin = row.getString("origin");
    Causation causation = origin == null ? null : new Causation(row.getInt("depth"), origin);
    return EncodedEvent.read(row.getBytes("body"), received, causation);
  }
}
