package dev.tocsin.engine.cli;

import dev.tocsin.config.settings.EffectiveSettings;
import dev.tocsin.config.settings.Settings;
import dev.tocsin.config.settings.SettingsReader;
import dev.tocsin.config.testing.TestCase;
import dev.tocsin.config.testing.TestFiles;
import dev.tocsin.config.testing.TestFiles.ReadTest;
import dev.tocsin.engine.Version;
import dev.tocsin.engine.cli.TestReport.Verdict;
import dev.tocsin.engine.replay.DryRequests;
import dev.tocsin.engine.replay.TestRun;
import dev.tocsin.wire.Problem;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tocsin test}: runs tests of automations on a virtual clock, without a daemon. */
@Command(
    name = "test",
    mixinStandardHelpOptions = true,
    description = {
      "Runs tests of automations: files with events and times, and the firings to expect.",
      "Nothing is sent, and no daemon is needed. The last line is 'N passed, N failed'.",
      "Exit codes: 0 all tests passed; 1 a test failed or is invalid, or no test was found."
    },
    footer = {
      "",
      "Examples:",
      "  tocsin test examples/",
      "  tocsin test --filter heartbeat --junit target/tocsin.xml tests/",
    })
public final class TestCommand implements Callable<Integer> {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings file that defines the webhooks that the automations use.")
  @Nullable Path config;

  @Option(
      names = "--filter",
      paramLabel = "TEXT",
      description = "Run only tests whose name or file contains this text.")
  @Nullable String filter;

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Also write the results as JUnit XML to this file.")
  @Nullable Path junit;

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "Files, or folders with .yaml, .yml, .json and .ndjson files.")
  List<Path> paths = new ArrayList<>();

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  CommandSpec spec;

  private final Map<String, String> environment;

  /** A command with the environment variables of this process. */
  public TestCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    EffectiveSettings effective = SettingsReader.read(config, environment, Map.of());
    if (effective.hasErrors()) {
      effective.problems().forEach(out::println);
      return 1;
    }
    TestReport report = new TestReport(out);
    TestFiles.of(effective)
        .read(
            paths,
            test -> {
              if (isWanted(test)) {
                report.take(test, verdict(test, effective.settings()));
              }
            });
    boolean isWritten = junit == null || write(report, junit);
    if (report.isEmpty()) {
      spec.commandLine().getErr().println("No test was found.");
    }
    report.finish();
    return isWritten && !report.isEmpty() && report.failed() == 0 ? 0 : 1;
  }

  private boolean isWanted(ReadTest test) {
    return filter == null || test.name().contains(filter) || test.file().contains(filter);
  }

  private static Verdict verdict(ReadTest read, Settings settings) {
    TestCase test = read.test();
    if (test == null) {
      return new Verdict.TestInvalid(read.problems().stream().map(Problem::toString).toList());
    }
    List<String> differences =
        TestRun.run(
            test,
            settings.evaluation().runtime(),
            settings.engine().namespace(),
            new DryRequests(settings.actions(Version.USER_AGENT)));
    return differences.isEmpty() ? new Verdict.TestPassed() : new Verdict.TestFailed(differences);
  }

  private boolean write(TestReport report, Path file) {
    try {
      report.writeJunit(file);
      return true;
    } catch (IOException e) {
      spec.commandLine()
          .getErr()
          .println("--junit " + file + ": cannot be written: " + FailureText.of(e));
      return false;
    }
  }
}
