package dev.tocsin.engine.cli;

import dev.tocsin.config.AutomationFiles;
import dev.tocsin.config.AutomationSet;
import dev.tocsin.config.settings.EffectiveSettings;
import dev.tocsin.config.settings.Settings;
import dev.tocsin.engine.Daemon;
import dev.tocsin.engine.Version;
import dev.tocsin.engine.evaluation.AllRemovedException;
import dev.tocsin.engine.reload.DaemonConfiguration;
import dev.tocsin.engine.store.StoreException;
import dev.tocsin.wire.Problem;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import reactor.core.scheduler.Schedulers;
import reactor.netty.ChannelBindException;

/** {@code tocsin run}: the daemon, until it is asked to stop. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the daemon: accepts events over HTTP, evaluates automations, calls webhooks.",
      "On SIGTERM or Ctrl-C it refuses new events, finishes those that it has accepted, and"
          + " exits with 0."
    },
    footer = {
      "",
      "Example: tocsin run --listen 127.0.0.1:4280 --data ./data --automations automations/",
      "Set any setting with --set KEY=VALUE or the environment variable TOCSIN_KEY. The command"
          + " 'tocsin settings' lists all of them."
    })
public final class RunCommand implements Callable<Integer> {

  @Mixin SettingsOptions options = new SettingsOptions();

  @Option(
      names = "--allow-empty",
      description = "Start even if this removes all automations that were in force.")
  boolean allowEmpty;

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  CommandSpec spec;

  private final Map<String, String> environment;
  private final Termination termination;

  /** A command with the environment variables and the end of this process. */
  public RunCommand(Map<String, String> environment, Termination termination) {
    this.environment = environment;
    this.termination = termination;
  }

  /** A signal that came while the daemon started counts once it runs. */
  private static void reload(@Nullable Daemon daemon, AtomicBoolean hungUp) {
    if (daemon != null && hungUp.getAndSet(false)) {
      daemon.reload("SIGHUP");
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    EffectiveSettings effective = options.read(environment);
    AutomationFiles.ReadAutomations reading =
        AutomationFiles.of(effective).read(effective.settings().engine().automations());
    if (!report(effective, reading)) {
      return 1;
    }
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger code = new AtomicInteger();
    Runnable onFailure =
        () -> {
          code.set(1);
          end.countDown();
        };
    Duration timeout = effective.settings().engine().shutdownTimeout();
    // The rest of the time is for the last lines of the log.
    termination.onRequest(end::countDown, timeout.multipliedBy(9).dividedBy(10));
    AtomicReference<@Nullable Daemon> running = new AtomicReference<>();
    AtomicBoolean hungUp = new AtomicBoolean();
    termination.onHangUp(
        () -> {
          hungUp.set(true);
          reload(running.get(), hungUp);
        });
    DaemonConfiguration configuration =
        new DaemonConfiguration(
            effective, reading.automations(), () -> options.read(environment), allowEmpty);
    try (Daemon daemon = Daemon.start(configuration, Schedulers.parallel(), onFailure)) {
      running.set(daemon);
      reload(daemon, hungUp);
      greet(daemon, effective.settings(), reading.automations());
      end.await();
      return code.get();
    } catch (StoreException | AllRemovedException unusable) {
      spec.commandLine().getErr().println(unusable.getMessage());
      return 1;
    } catch (ChannelBindException unusable) {
      spec.commandLine().getErr().println(FailureText.of(unusable, "--listen"));
      return 1;
    }
  }

  private boolean report(EffectiveSettings effective, AutomationFiles.ReadAutomations reading) {
    PrintWriter err = spec.commandLine().getErr();
    List<Problem> problems = new ArrayList<>(effective.problems());
    problems.addAll(reading.problems());
    problems.forEach(err::println);
    boolean usable = problems.stream().noneMatch(Problem::isError);
    if (!usable) {
      err.println("The daemon was not started.");
    }
    return usable;
  }

  private void greet(Daemon daemon, Settings settings, AutomationSet automations) {
    PrintWriter out = spec.commandLine().getOut();
    long off = automations.automations().stream().filter(a -> !a.enabled()).count();
    out.printf(
        "tocsin %s serves http://%s:%d%n",
        Version.TEXT, settings.http().listen().host(), daemon.address().getPort());
    out.printf("  store        %s%n", daemon.store());
    out.printf(
        "  automations  %,d%s%n",
        automations.automations().size(), off == 0 ? "" : ", " + off + " of them disabled");
    out.printf("  webhooks     %d%n", settings.delivery().webhooks().size());
    out.flush();
  }
}
