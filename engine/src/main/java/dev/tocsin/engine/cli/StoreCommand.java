package dev.tocsin.engine.cli;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tocsin store}: commands for the data folder. */
@Command(
    name = "store",
    mixinStandardHelpOptions = true,
    description =
        "Inspects, copies, repairs and fills the data folder of a daemon: see docs/store.md.",
    footer = {
      "",
      "All commands except import and repair work while the daemon runs.",
      "Exit codes: 0 success; 1 damage found, or the command failed; 2 wrong usage."
    })
public final class StoreCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  CommandSpec spec;

  private StoreCommand() {}

  /**
   * The command with its subcommands.
   *
   * @param environment the environment variables of the process
   * @param clock the current time
   */
  public static CommandLine of(Map<String, String> environment, InstantSource clock) {
    return new CommandLine(new StoreCommand())
        .addSubcommand(new StoreInfoCommand(environment, clock))
        .addSubcommand(new StoreCheckCommand(environment))
        .addSubcommand(new StoreRepairCommand(environment))
        .addSubcommand(new StoreExportCommand(environment))
        .addSubcommand(new StoreImportCommand(environment, clock))
        .addSubcommand(new StoreBackupCommand(environment));
  }

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "Missing command: info, check, repair, export, import or backup.");
  }
}
