package dev.tocsin.engine.store;

import dev.tocsin.triggers.Causation;
import dev.tocsin.wire.EncodedEvent;
import dev.tocsin.wire.EventJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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

  /** The event of a row with the columns {@code received, depth, origin, body}. */
  static EncodedEvent event(ResultSet row) throws SQLException {
    return event(row, instant(row.getLong("received")));
  }

  /** The event of a row with the columns {@code depth, origin, body}, not yet received. */
  static EncodedEvent waitingEvent(ResultSet row) throws SQLException {
    return event(row, null);
  }

  /** The event of a row with the columns {@code received, body} as Prefect's JSON. */
  static byte[] eventJson(ResultSet row) throws SQLException {
    return EventJson.withReceived(row.getBytes("body"), instant(row.getLong("received")));
  }

  private static EncodedEvent event(ResultSet row, @Nullable Instant received) throws SQLException {
    String origin = row.getString("origin");
    Causation causation = origin == null ? null : new Causation(row.getInt("depth"), origin);
    try {
      return EncodedEvent.read(row.getBytes("body"), received, causation);
    } catch (IllegalArgumentException e) {
      throw new StoreException("A stored event cannot be read: " + e.getMessage(), e);
    }
  }
}
