package dev.tocsin.engine.store;

import static dev.tocsin.engine.store.SqliteRows.micros;

import dev.tocsin.triggers.Pattern;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;

/** A connection that only reads. For one thread at a time. */
final class SqliteReader implements AutoCloseable {

  /** Steps of SQLite's virtual machine after which it asks whether to stop: a millisecond or so. */
  private static final int STEPS = 1_000;

  private final Connection connection;
  private final StopFlag stop = new StopFlag();
  private final PatternFunction nameFits;
  private final PatternFunction resourceFits;

  SqliteReader(Connection connection) throws SQLException {
    this.connection = connection;
    nameFits = PatternFunction.create(connection, "name_fits");
    resourceFits = PatternFunction.create(connection, "resource_fits");
    ProgressHandler.setHandler(connection, STEPS, stop);
  }

  /** From now on a query fails soon after this becomes true. */
  void stopWhen(BooleanSupplier condition) {
    stop.condition = condition;
  }

  /** The rows of a query, each made a value; without those of which it is null. */
  <T> List<T> rows(String query, RowMapper<@Nullable T> mapper, Object... parameters)
      throws SQLException {
    return rows(Long.MAX_VALUE, query, mapper, parameters);
  }

  /** The first rows of a query with a column {@code body}, until they have a page's bytes. */
  <T> List<T> page(String query, RowMapper<@Nullable T> mapper, Object... parameters)
      throws SQLException {
    return rows(Store.PAGE_BYTES, query, mapper, parameters);
  }

  private <T> List<T> rows(
      long maxBytes, String query, RowMapper<@Nullable T> mapper, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      List<T> values = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        long bytes = 0;
        while (bytes < maxBytes && rows.next()) {
          @Nullable T value = mapper.map(rows);
          if (value != null) {
            values.add(value);
          }
          bytes += maxBytes == Long.MAX_VALUE ? 0 : size(rows.getBytes("body"));
        }
      }
      return values;
    }
  }

  private static int size(byte @Nullable [] body) {
    return body == null ? 0 : body.length;
  }

  /** The one number that a query returns. */
  long number(String query, Object... parameters) throws SQLException {
    return rows(query, row -> row.getLong(1), parameters).getFirst();
  }

  /** How much is stored; what is being dropped counts only by its bytes. */
  StoreSize size() throws SQLException {
    List<StoreSize> sizes =
        rows(
            """
            SELECT COUNT(*) AS segments, MIN(opened) AS oldest FROM segment
            WHERE state IN ('open', 'sealed')\
            """,
            row -> {
              long segments = row.getLong("segments");
              long oldest = row.getLong("oldest");
              return new StoreSize(
                  segments,
                  SqliteSize.bytes(connection),
                  segments == 0 ? null : SqliteRows.instant(oldest));
            });
    return sizes.getFirst();
  }

  /**
   * A page of events. Keyset paging along {@code (occurred, sequence)}, and nothing later than the
   * first page: what arrives meanwhile neither moves an event to another page nor changes the
   * total. Events that cannot be read are left out.
   */
  EventPage events(EventQuery query, @Nullable EventCursor cursor, UnreadableRows unreadable)
      throws SQLException {
    long horizon =
        cursor == null ? number("SELECT COALESCE(MAX(sequence), 0) FROM entry") : cursor.horizon();
    Conditions conditions = conditions(query, horizon);
    long total =
        cursor == null
            ? number("SELECT COUNT(*) FROM entry" + conditions.where(), conditions.values())
            : cursor.total();
    if (cursor != null) {
      conditions.add("(occurred, sequence) < (?, ?)", cursor.occurred(), cursor.sequence());
    }
    conditions.limit(query.limit());
    List<byte[]> events = new ArrayList<>();
    List<EventCursor> page =
        page(
            "SELECT sequence, occurred, received, depth, origin, body FROM entry"
                + conditions.where()
                + " ORDER BY occurred DESC, sequence DESC LIMIT ?",
            row -> {
              byte[] event = unreadable.read("entry", "sequence", row, SqliteRows::eventJson);
              if (event != null) {
                events.add(event);
              }
              return new EventCursor(
                  row.getLong("occurred"), row.getLong("sequence"), horizon, total);
            },
            conditions.values());
    String next = page.isEmpty() ? null : next(page.getLast(), query);
    return new EventPage(events, next, total);
  }

  /** The cursor if there is an event after it, or null. */
  private @Nullable String next(EventCursor last, EventQuery query) throws SQLException {
    Conditions conditions = conditions(query, last.horizon());
    conditions.add("(occurred, sequence) < (?, ?)", last.occurred(), last.sequence());
    long more =
        number(
            "SELECT EXISTS (SELECT 1 FROM entry" + conditions.where() + ")", conditions.values());
    return more == 0 ? null : last.text();
  }

  private Conditions conditions(EventQuery query, long horizon) {
    Conditions conditions = new Conditions();
    conditions.add("occurred IS NOT NULL"); // an event
    conditions.add("sequence <= ?", horizon);
    if (query.since() != null) {
      // The digits past the microsecond are cut from events, so they must not rule one out.
      conditions.add("occurred >= ?", micros(query.since()));
    }
    if (query.until() != null) {
      conditions.add("occurred <= ?", micros(query.until()));
    }
    addPattern(conditions, query.event(), "name", "name_fits", nameFits);
    addPattern(conditions, query.resource(), "resource", "resource_fits", resourceFits);
    return conditions;
  }

  /** SQL alone if it can express the condition, or exclude much before the function is called. */
  private static void addPattern(
      Conditions conditions,
      @Nullable String text,
      String column,
      String functionName,
      PatternFunction function) {
    if (text == null) {
      return;
    }
    Pattern pattern = Pattern.of(text);
    String literal = pattern.literal();
    if (literal != null) {
      conditions.add(column + " = ?", literal);
      return;
    }
    String prefix = pattern.literalPrefix();
    if (!prefix.isEmpty()) {
      int length = prefix.codePointCount(0, prefix.length());
      conditions.add("substr(" + column + ", 1, ?) = ?", length, prefix);
    }
    if (!text.equals(prefix + "*")) {
      function.use(pattern);
      conditions.add(functionName + "(" + column + ")");
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** Interrupts the query under way. */
  private static final class StopFlag extends ProgressHandler {

    private BooleanSupplier condition = () -> false;

    @Override
    protected int progress() {
      return condition.getAsBoolean() ? 1 : 0;
    }
  }

  /** Makes a row a value. */
  interface RowMapper<T extends @Nullable Object> {
    T map(ResultSet row) throws SQLException;
  }

  /** Conditions, all of which must hold, and the values of their parameters. */
  private static final class Conditions {

    private final List<String> terms = new ArrayList<>();
    private final List<Object> values = new ArrayList<>();

    void add(String term, Object... parameters) {
      terms.add(term);
      values.addAll(List.of(parameters));
    }

    void limit(int most) {
      values.add(most);
    }

    String where() {
      return " WHERE " + String.join(" AND ", terms);
    }

    Object[] values() {
      return values.toArray();
    }
  }
}
