package dev.tocsin.engine.store;

import static dev.tocsin.engine.store.SqliteRows.instant;

import dev.tocsin.triggers.runtime.StatePage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Trigger state in a SQLite database. */
interface SqliteCheckpoints extends CheckpointStore {

  /** The connections of the store. */
  SqliteConnections connections();

  @Override
  default @Nullable StoredCheckpoint checkpoint() {
    return connections()
        .first(
            "SELECT sequence, clock, head, first, last FROM checkpoint",
            row ->
                new StoredCheckpoint(
                    row.getLong("sequence"),
                    instant(row.getLong("clock")),
                    row.getString("head"),
                    row.getLong("first"),
                    row.getLong("last")));
  }

  @Override
  default List<CheckpointPage> checkpointPages(long afterPlace, long lastPlace, int limit) {
    return connections()
        .rows(
            """
            SELECT place, body FROM checkpoint_page
            WHERE place > ? AND place <= ? ORDER BY place LIMIT ?\
            """,
            row -> new CheckpointPage(row.getLong("place"), StatePage.of(row.getBytes("body"))),
            afterPlace,
            lastPlace,
            limit);
  }

  @Override
  default void save(CheckpointSlice slice) {
    if (!slice.isEmpty()) {
      connections().run(it -> it.save(slice));
    }
  }
}
