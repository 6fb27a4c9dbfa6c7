package dev.tocsin.engine.store;

import static dev.tocsin.engine.store.Samples.accepted;
import static dev.tocsin.engine.store.Samples.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store in SQLite keeps the contract, and names its file. */
class SqliteStoreTest extends StoreContract {

  @Override
  Store open(Path folder) {
    return Stores.open(folder);
  }

  @Test
  void itsDescriptionAndItsFailuresNameTheFile(@TempDir Path other) {
    Path file = other.resolve(Stores.FILE);
    Store store = open(other);
    assertThat(store.description()).isEqualTo("SQLite " + file);
    store.close();
    assertThatThrownBy(() -> store.lastSequence())
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("Cannot read from " + file);
    assertThatThrownBy(() -> store.commit(accepted(1, event("e1"))))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("Cannot write to " + file);
  }
}
