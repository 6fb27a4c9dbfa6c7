package dev.tocsin.engine.store;

import java.nio.file.Path;
import java.util.function.Function;

/** Administration of the SQLite database of a data directory. */
record SqliteAdmin(Path directory) implements StoreAdmin {

  @Override
  public StoreInfo info() {
    return reading(file -> file.read(connection -> SqliteInfo.of(file.path(), connection)));
  }

  @Override
  public StoreCheck check() {
    return reading(file -> file.read(connection -> new SqliteCheck(connection).run()));
  }

  @Override
  public StoreRepair repairPlan() {
    return SqliteRepair.plan(directory);
  }

  @Override
  public StoreRepair repair() {
    return SqliteRepair.run(directory);
  }

  @Override
  public void backup(Path target) {
    SqliteBackup.write(directory, target);
  }

  @Override
  public StoredJournal journal() {
    return SqliteStoredJournal.open(directory);
  }

  @Override
  public StoreImport importer() {
    return SqliteImport.into(directory);
  }

  private <T> T reading(Function<StoredFile, T> work) {
    try (StoredFile file = StoredFile.open(directory)) {
      return work.apply(file);
    }
  }
}
