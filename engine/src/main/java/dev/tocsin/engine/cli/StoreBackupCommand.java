package dev.tocsin.engine.cli;

import dev.tocsin.engine.store.StoreException;
import dev.tocsin.engine.store.Stores;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tocsin store backup}: a copy while the daemon runs. */
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    description = {
      "Copies the store to a new file, also while the daemon runs. The copy is consistent: the"
          + " state of one instant.",
      "To restore a backup, copy it as tocsin.db into an empty data folder."
    })
final class StoreBackupCommand implements Callable<Integer> {

  @Mixin DataOptions options = new DataOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  CommandSpec spec;

  private final Map<String, String> environment;

  @Parameters(paramLabel = "FILE", description = "New file for the copy. It must not exist.")
  @SuppressWarnings("NullAway.Init") // by picocli
  private Path file;

  StoreBackupCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    try {
      Path folder = options.folder(environment);
      Stores.admin(folder).backup(file);
      PrintWriter out = spec.commandLine().getOut();
      out.printf("Copied the store of %s to %s.%n", folder, file);
      out.flush();
      return 0;
    } catch (StoreException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return 1;
    }
  }
}
