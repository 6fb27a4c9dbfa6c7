package dev.tocsin.engine.store;

import dev.tocsin.triggers.Causation;
import dev.tocsin.triggers.Event;
import dev.tocsin.wire.EventReader;
import dev.tocsin.wire.EventReader.Result;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Values as they lie in the tables. Instants are microseconds since the epoch. */
final class SqliteRows {

  private static final EventReader READER = EventReader.recorded();

  private SqliteRows() {}

  static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /** The event of a row with the columns {@code depth, origin, body}. */
  static Event event(ResultSet row) throws SQLException {
    byte[] body = row.getBytes("body");
    Event event =
        switch (READER.read(body, 0, body.length, Instant.EPOCH)) {
          case Result.Read it -> it.event();
          case Result.Refused it ->
              throw new StoreException("A stored event cannot be read: " + it.problems());
        };
    String origin = row.getString("origin");
    return origin == null ? event : caused(event, new Causation(row.getInt("depth"), origin));
  }

  private static Event caused(Event event, Causation causation) {
    return new Event(
        event.id(),
        event.occurred(),
        event.name(),
        event.resource(),
        event.related(),
        event.payload(),
        event.follows(),
        event.received(),
        causation);
  }
}
