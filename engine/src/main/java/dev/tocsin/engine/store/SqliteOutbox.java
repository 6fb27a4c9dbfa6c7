package dev.tocsin.engine.store;

import static dev.tocsin.engine.store.SqliteRows.instant;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The outbox in a SQLite database. */
interface SqliteOutbox extends Outbox {

  /** The connections of the store. */
  SqliteConnections connections();

  /** The rows that could not be read. */
  UnreadableRows unreadable();

  /** Steps from one destination to the next along the index, past all that waits for each. */
  @Override
  default List<String> destinationsWithWork() {
    return connections()
        .rows(
            """
            WITH RECURSIVE waiting (name) AS (
              SELECT MIN(destination) FROM invocation WHERE outcome IS NULL
              UNION ALL
              SELECT (SELECT MIN(destination) FROM invocation
                      WHERE outcome IS NULL AND destination > name)
              FROM waiting WHERE name IS NOT NULL)
            SELECT name FROM waiting WHERE name IS NOT NULL
            ORDER BY (SELECT MIN(position) FROM invocation
                      WHERE outcome IS NULL AND destination = name)\
            """,
            row -> row.getString(1));
  }

  @Override
  default List<StoredInvocation> pending(String destination, long afterPosition, int limit) {
    return connections()
        .rows(
            """
            SELECT position, id, firing, definition, action, destination FROM invocation
            WHERE outcome IS NULL AND destination = ? AND position > ?
            ORDER BY position LIMIT ?\
            """,
            row ->
                new StoredInvocation(
                    row.getLong("position"),
                    row.getString("id"),
                    row.getString("firing"),
                    row.getString("definition"),
                    row.getInt("action"),
                    row.getString("destination")),
            destination,
            afterPosition,
            limit);
  }

  @Override
  default long pendingCount() {
    return connections()
        .read(reader -> reader.number("SELECT COUNT(*) FROM invocation WHERE outcome IS NULL"));
  }

  @Override
  default @Nullable InvocationResult result(String invocation) {
    return connections()
        .first(
            """
            SELECT id, outcome, finished, result FROM invocation
            WHERE id = ? AND outcome IS NOT NULL\
            """,
            row ->
                new InvocationResult(
                    row.getString("id"),
                    row.getString("outcome"),
                    instant(row.getLong("finished")),
                    row.getString("result")),
            invocation);
  }

  @Override
  default @Nullable StoredFiring firing(String id) {
    return connections()
        .first(
            "SELECT id, sequence, automation, state, triggered, event, body FROM firing WHERE id ="
                + " ?",
            row ->
                new StoredFiring(
                    row.getString("id"),
                    row.getLong("sequence"),
                    row.getString("automation"),
                    row.getString("state"),
                    instant(row.getLong("triggered")),
                    row.getString("event"),
                    row.getString("body")),
            id);
  }

  /** Moves rows that cannot be read out of the queue, and reads on behind them. */
  @Override
  default long firingBytes(String id) {
    return connections()
        .read(
            reader ->
                reader.number(
                    """
                    SELECT COALESCE(SUM(octet_length(firing.body)
                                        + COALESCE(octet_length(entry.body), 0)), 0)
                    FROM firing LEFT JOIN entry ON entry.id = firing.event WHERE firing.id = ?\
                    """,
                    id));
  }

  @Override
  default List<FeedbackEvent> feedback(long afterPosition, int limit) {
    while (true) {
      List<UnreadableRow> faulty = new ArrayList<>();
      List<FeedbackEvent> page =
          connections()
              .page(
                  """
                  SELECT position, depth, origin, body FROM feedback
                  WHERE position > ? ORDER BY position LIMIT ?\
                  """,
                  row -> {
                    try {
                      return new FeedbackEvent(
                          row.getLong("position"), SqliteRows.waitingEvent(row));
                    } catch (RuntimeException e) {
                      faulty.add(UnreadableRows.of("feedback", "position", row, e));
                      return null;
                    }
                  },
                  afterPosition,
                  limit);
      if (!faulty.isEmpty()) {
        connections().run(writer -> writer.setAside(faulty));
        faulty.forEach(unreadable()::add);
      }
      if (!page.isEmpty() || faulty.isEmpty()) {
        return page;
      }
    }
  }
}
