package dev.tocsin.engine.cli;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tocsin store}: what an operator does with a data folder. */
@Command(
    name = "store",
    mixinStandardHelpOptions = true,
    description = "Looks after a daemon's data folder: see docs/store.md.",
    footer = {
      "",
      "All but import work beside a running daemon.",
      "Exit code 0: good; 1: faults found, or it could not be done; 2: wrong usage."
    })
public final class StoreCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  CommandSpec spec;

  private StoreCommand() {}

  /**
   * The command with those below it.
   *
   * @param environment the variables of the process
   * @param clock what is later than it has not been received
   */
  public static CommandLine of(Map<String, String> environment, InstantSource clock) {
    return new CommandLine(new StoreCommand())
        .addSubcommand(new StoreInfoCommand(environment, clock))
        .addSubcommand(new StoreCheckCommand(environment))
        .addSubcommand(new StoreExportCommand(environment))
        .addSubcommand(new StoreImportCommand(environment, clock))
        .addSubcommand(new StoreBackupCommand(environment));
  }

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "Which? info, check, export, import or backup");
  }
}
