package dev.tocsin.engine.cli;

import dev.tocsin.engine.store.StoreAdmin;
import dev.tocsin.engine.store.StoreException;
import dev.tocsin.engine.store.StoreRepair;
import dev.tocsin.engine.store.Stores;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tocsin store repair}: sets aside what cannot be read. */
@Command(
    name = "repair",
    mixinStandardHelpOptions = true,
    description = {
      "Moves rows that cannot be read to the table set_aside, with all that they contain, so that"
          + " they hold back nothing else. It does not repair a damaged file: restore a backup.",
      "The daemon must be stopped, except with --dry-run. Make a backup first."
    })
final class StoreRepairCommand implements Callable<Integer> {

  @Mixin DataOptions options = new DataOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  CommandSpec spec;

  private final Map<String, String> environment;

  @Option(names = "--dry-run", description = "Print what would be done, and change nothing.")
  private boolean isDryRun;

  StoreRepairCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      Path folder = options.folder(environment);
      StoreAdmin store = Stores.admin(folder);
      print(folder, isDryRun ? store.repairPlan() : store.repair(), out);
      out.flush();
      return 0;
    } catch (StoreException e) {
      spec.commandLine().getErr().println(e.getMessage());
      spec.commandLine().getErr().flush();
      return 1;
    }
  }

  private void print(Path folder, StoreRepair repair, PrintWriter out) {
    String moves = isDryRun ? "would be set aside" : "set aside";
    repair.setAside().forEach(row -> out.println(moves + ": " + row));
    repair.left().forEach(row -> out.println("left for the next start: " + row));
    if (repair.losesState()) {
      out.println("All triggers start without state at the next start.");
    }
    out.printf(
        "%s of the store in %s %s.%n", Plural.of(repair.setAside().size(), "row"), folder, moves);
  }
}
