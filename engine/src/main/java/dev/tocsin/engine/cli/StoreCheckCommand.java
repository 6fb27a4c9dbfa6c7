package dev.tocsin.engine.cli;

import dev.tocsin.engine.store.StoreCheck;
import dev.tocsin.engine.store.StoreException;
import dev.tocsin.engine.store.Stores;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tocsin store check}: whether a data folder is sound. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Reads a whole store and prints every damage that it finds; changes nothing.",
      "Exit codes: 0 no damage; 1 damage found."
    })
final class StoreCheckCommand implements Callable<Integer> {

  @Mixin DataOptions options = new DataOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  CommandSpec spec;

  private final Map<String, String> environment;

  StoreCheckCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try {
      Path folder = options.folder(environment);
      StoreCheck result = Stores.admin(folder).check();
      result.faults().forEach(err::println);
      if (result.faults().isEmpty()) {
        out.printf(
            "The store in %s is sound: %s.%n",
            folder, Plural.of(result.entries(), "entry", "entries"));
        out.flush();
        return 0;
      }
      err.printf(
          "The store in %s is damaged. Stop its daemon, move tocsin.db, tocsin.db-wal and"
              + " tocsin.db-shm aside, and copy a backup to tocsin.db. If only rows cannot be read,"
              + " 'tocsin store repair --dry-run' prints what it would set aside instead.%n",
          folder);
    } catch (StoreException e) {
      err.println(e.getMessage());
    }
    err.flush();
    return 1;
  }
}
