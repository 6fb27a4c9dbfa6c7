package dev.tocsin.engine;

import dev.tocsin.engine.cli.BacktestCommand;
import dev.tocsin.engine.cli.DemoCommand;
import dev.tocsin.engine.cli.EmitCommand;
import dev.tocsin.engine.cli.EventsCommand;
import dev.tocsin.engine.cli.ListenCommand;
import dev.tocsin.engine.cli.ProcessEnd;
import dev.tocsin.engine.cli.ReloadCommand;
import dev.tocsin.engine.cli.RunCommand;
import dev.tocsin.engine.cli.SettingsCommand;
import dev.tocsin.engine.cli.StoreCommand;
import dev.tocsin.engine.cli.Terminal;
import dev.tocsin.engine.cli.TestCommand;
import dev.tocsin.engine.cli.ValidateCommand;
import dev.tocsin.engine.cli.WrongUsage;
import dev.tocsin.engine.log.ProcessLog;
import java.util.Map;
import java.util.UUID;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import reactor.core.scheduler.Schedulers;

/** {@code tocsin}: the command line. The only class that accesses the process itself. */
@Command(
    name = "tocsin",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Printed.class,
    description = {
      "Evaluates triggers written in YAML over a stream of events, and calls webhooks when they"
          + " fire.",
      ""
    },
    footer = {
      "",
      "First steps:",
      "  tocsin demo                                  shows everything once",
      "  tocsin validate automations.yaml             checks the automations",
      "  tocsin run --automations automations.yaml    serves on http://127.0.0.1:4280",
      "  tocsin emit --event order.paid --resource order.1",
      "",
      "Exit codes: 0 success, 1 problems found, 2 wrong usage."
    })
public final class Main {

  private Main() {}

  /** Prints {@code tocsin VERSION}. */
  static final class Printed implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"tocsin " + Version.TEXT};
    }
  }

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    HeapGuard heap = HeapGuard.install(System.err);
    ProcessLog.ignoreLateConnectionErrors();
    ProcessEnd end = new ProcessEnd();
    int code = 1;
    try {
      code = commandLine(System.getenv(), end).execute(args);
    } catch (Error failure) {
      heap.endIfOutOfMemory(Thread.currentThread(), failure);
      // Other threads would keep the process.
      System.err.println("tocsin cannot continue: " + failure);
    }
    end.exit(code);
  }

  static CommandLine commandLine(Map<String, String> environment, ProcessEnd end) {
    EngineClock clock = new EngineClock(Schedulers.parallel());
    Terminal terminal = Terminal.ofProcess(environment.getOrDefault("COLUMNS", ""));
    return new CommandLine(new Main())
        .addSubcommand(new DemoCommand(end))
        .addSubcommand(new RunCommand(environment, end))
        .addSubcommand(new ReloadCommand())
        .addSubcommand(new ValidateCommand(environment))
        .addSubcommand(new TestCommand(environment))
        .addSubcommand(new BacktestCommand(environment, terminal))
        .addSubcommand(new SettingsCommand(environment, terminal))
        .addSubcommand(StoreCommand.of(environment, clock))
        .addSubcommand(
            new EmitCommand(() -> UUID.randomUUID().toString(), clock, System.in, terminal))
        .addSubcommand(new EventsCommand(end::pause, terminal))
        .addSubcommand(new ListenCommand(clock, end))
        .addSubcommand(new AutoComplete.GenerateCompletion())
        .addSubcommand(new CommandLine.HelpCommand())
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(new WrongUsage());
  }
}
