package dev.tocsin.engine.cli;

import dev.tocsin.config.Automation;
import dev.tocsin.config.AutomationFiles;
import dev.tocsin.config.AutomationSet;
import dev.tocsin.config.settings.EffectiveSettings;
import dev.tocsin.config.settings.Settings;
import dev.tocsin.config.settings.SettingsReader;
import dev.tocsin.engine.replay.Backtest;
import dev.tocsin.engine.replay.FiringDifference;
import dev.tocsin.engine.replay.FiringLine;
import dev.tocsin.engine.replay.Recording;
import dev.tocsin.engine.replay.Replay;
import dev.tocsin.engine.replay.Tally;
import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.StoreException;
import dev.tocsin.engine.store.StoredJournal;
import dev.tocsin.engine.store.Stores;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.runtime.Step;
import dev.tocsin.wire.Problem;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/** {@code tocsin backtest}: automations over recorded events, at full speed, without actions. */
@Command(
    name = "backtest",
    mixinStandardHelpOptions = true,
    description = {
      "Runs automations over recorded events and reports what would have fired.",
      "The clock follows the receipt of the events. No action is carried out, and the engine emits"
          + " no events of its own.",
      "Exit codes: 0 success; 1 invalid automations or events."
    },
    footer = {
      "",
      "Examples:",
      "  tocsin backtest --automations automations/ --events events.ndjson.gz",
      "  tocsin backtest --automations old.yaml --compare new.yaml --data ./tocsin-data",
    })
public final class BacktestCommand implements Callable<Integer> {

  private static final int MAX_PROBLEMS = 100;

  /** The source of the events: one of the two. */
  static final class RecordedSource {

    @Option(
        names = "--events",
        paramLabel = "FILE",
        description =
            "File with one event per line (.ndjson, .ndjson.gz). If an event has no 'received',"
                + " its 'occurred' is used.")
    @Nullable Path events;

    @Option(
        names = "--data",
        paramLabel = "DIR",
        description = "Data folder whose journal is read. The daemon may be running.")
    @Nullable Path data;
  }

  @ArgGroup(multiplicity = "1")
  @SuppressWarnings("NullAway.Init") // by picocli
  RecordedSource source;

  @Option(
      names = "--automations",
      paramLabel = "PATH",
      required = true,
      description = "File or folder of automations.")
  @SuppressWarnings("NullAway.Init") // by picocli
  Path automations;

  @Option(
      names = "--compare",
      paramLabel = "PATH",
      description =
          "Another version of the automations. Prints the firings that it adds (+) and removes"
              + " (-).")
  @Nullable Path compare;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings file: webhooks, namespace, lapse and others.")
  @Nullable Path config;

  @Option(
      names = "--start",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description =
          "Start of the engine. Entries received earlier are skipped. Default: the first entry.")
  @Nullable Instant start;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description =
          "End of the clock. Entries received later are skipped. Default: the last entry.")
  @Nullable Instant until;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description =
          "Output format: table, or ndjson with one line {automation, triggered, state, labels,"
              + " event} per firing. Default: ${DEFAULT-VALUE}.")
  StreamFormat format = StreamFormat.table;

  @Option(names = "--ids", description = "With ndjson, add the id of each firing.")
  boolean ids;

  @Option(
      names = "--drop-engine-events",
      description = "Skip events that an engine emitted about its firings and actions.")
  boolean dropEngineEvents;

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  CommandSpec spec;

  private final Map<String, String> environment;
  private final Terminal terminal;

  /**
   * A command of this process.
   *
   * @param terminal of the process
   */
  public BacktestCommand(Map<String, String> environment, Terminal terminal) {
    this.environment = environment;
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Backtest.Bounds bounds = bounds();
    EffectiveSettings effective = SettingsReader.read(config, environment, Map.of());
    AutomationSet first = read(effective, automations);
    AutomationSet second = compare == null ? AutomationSet.EMPTY : read(effective, compare);
    if (first == null || second == null) {
      return 1;
    }
    Settings settings = effective.settings();
    return compare == null
        ? run(List.of(tallied(first, settings, bounds)), settings, bounds)
        : run(compared(first, second, settings, bounds), settings, bounds);
  }

  private Backtest.Bounds bounds() {
    try {
      return new Backtest.Bounds(start, until);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage());
    }
  }

  /** A backtest, and what is printed at its end. */
  private record Running(Backtest backtest, Runnable end) {}

  private @Nullable AutomationSet read(EffectiveSettings effective, Path path) {
    AutomationFiles.ReadAutomations reading = AutomationFiles.dry(effective).read(List.of(path));
    List<Problem> problems = new ArrayList<>(effective.problems());
    problems.addAll(reading.problems());
    PrintWriter err = spec.commandLine().getErr();
    problems.forEach(err::println);
    return problems.stream().anyMatch(Problem::isError) ? null : reading.automations();
  }

  private Running tallied(AutomationSet set, Settings settings, Backtest.Bounds bounds) {
    PrintWriter out = spec.commandLine().getOut();
    Map<String, Tally> tallies = new LinkedHashMap<>();
    set.automations().forEach(each -> tallies.put(each.id(), new Tally(each)));
    Replay.Observer observer =
        switch (format) {
          case table -> (event, step) -> count(step, tallies);
          case ndjson -> (event, step) -> print(step, tallies, out);
        };
    Runnable end =
        switch (format) {
          case table -> () -> new BacktestTable(out, terminal).print(tallies.values());
          case ndjson -> out::flush;
        };
    return new Running(backtest(set, settings, bounds, observer), end);
  }

  private static void count(Step step, Map<String, Tally> tallies) {
    step.observations().forEach(each -> tally(tallies, each.automation()).count(each));
    step.firings().forEach(each -> tally(tallies, each.automation()).count(each));
  }

  private void print(Step step, Map<String, Tally> tallies, PrintWriter out) {
    for (Firing firing : step.firings()) {
      Automation automation = tally(tallies, firing.automation()).automation();
      ObjectNode line = FiringLine.of(automation, firing).toJson();
      if (ids) {
        line.put("id", firing.id());
      }
      out.println(line);
    }
  }

  private static Tally tally(Map<String, Tally> tallies, String automation) {
    Tally tally = tallies.get(automation);
    if (tally == null) {
      throw new IllegalStateException("automation " + automation + " is not declared");
    }
    return tally;
  }

  private List<Running> compared(
      AutomationSet first, AutomationSet second, Settings settings, Backtest.Bounds bounds) {
    FiringDifference difference = new FiringDifference();
    return List.of(
        new Running(
            backtest(first, settings, bounds, counting(first, difference, false)), () -> {}),
        new Running(
            backtest(second, settings, bounds, counting(second, difference, true)),
            () -> print(difference)));
  }

  private static Replay.Observer counting(
      AutomationSet set, FiringDifference difference, boolean isSecond) {
    return (event, step) -> {
      for (Firing firing : step.firings()) {
        Automation automation = set.find(firing.automation());
        if (automation != null) {
          difference.count(FiringLine.of(automation, firing), isSecond);
        }
      }
    };
  }

  private void print(FiringDifference difference) {
    PrintWriter out = spec.commandLine().getOut();
    List<FiringDifference.ChangedFiring> changes = difference.changes();
    switch (format) {
      case ndjson ->
          changes.forEach(
              change ->
                  out.println(
                      change.line().toJson().put("change", change.added() ? "added" : "removed")));
      case table -> {
        new BacktestTable(out, terminal).print(changes);
        long added = changes.stream().filter(FiringDifference.ChangedFiring::added).count();
        out.printf(
            "%s adds %s to those of %s and removes %,d; %,d are the same%n",
            compare,
            Plural.of(added, "firing"),
            automations,
            changes.size() - added,
            difference.same());
      }
    }
    out.flush();
  }

  private static Backtest backtest(
      AutomationSet set, Settings settings, Backtest.Bounds bounds, Replay.Observer observer) {
    return new Backtest(
        set, settings.evaluation().runtime(), settings.engine().namespace(), bounds, observer);
  }

  private int run(List<Running> all, Settings settings, Backtest.Bounds bounds) {
    PrintWriter err = spec.commandLine().getErr();
    Predicate<Event> dropped =
        dropEngineEvents ? Backtest.areEngineEvents(settings.engine().namespace()) : event -> false;
    Path events = source.events;
    Path data = source.data;
    Feed feed;
    try {
      if (events != null) {
        feed = new Feed(all, bounds, dropped, bar(Files.size(events)));
        Recording.ofFile(events, feed);
      } else if (data != null) {
        try (StoredJournal journal = Stores.admin(data).journal()) {
          feed = new Feed(all, bounds, dropped, bar(journal.last()));
          Recording.ofStore(journal, feed);
        }
      } else {
        throw new IllegalStateException("picocli requires a source");
      }
    } catch (IOException e) {
      err.println(events + ": " + FailureText.of(e));
      return 1;
    } catch (StoreException e) {
      err.println(e.getMessage());
      return 1;
    }
    feed.finish();
    return feed.problems == 0 ? 0 : 1;
  }

  private ProgressBar bar(long size) {
    return new ProgressBar(spec.commandLine().getErr(), terminal, "events", size);
  }

  /** Feeds the entries within the bounds to every backtest. */
  private final class Feed implements Recording.Entries {

    private final List<Running> all;
    private final Backtest.Bounds bounds;
    private final Predicate<Event> dropped;
    private final ProgressBar bar;
    private long taken;
    private long skipped;
    private long problems;

    Feed(List<Running> all, Backtest.Bounds bounds, Predicate<Event> dropped, ProgressBar bar) {
      this.all = all;
      this.bounds = bounds;
      this.dropped = dropped;
      this.bar = bar;
    }

    @Override
    public void entry(JournalEntry entry) {
      Event event = entry instanceof JournalEntry.EventEntry taking ? taking.event() : null;
      boolean counts = bounds.hold(entry.received()) && (event == null || !dropped.test(event));
      if (counts) {
        each(backtest -> backtest.take(entry));
      }
      if (event != null && counts) {
        taken++;
      } else if (event != null) {
        skipped++;
      }
    }

    @Override
    public void problem(String problem) {
      if (problems++ < MAX_PROBLEMS) {
        bar.clear();
        spec.commandLine().getErr().println(problem);
      }
    }

    @Override
    public void progress(long read) {
      bar.at(taken + skipped, read);
    }

    void finish() {
      each(Backtest::finish);
      bar.clear();
      all.forEach(running -> running.end().run());
      PrintWriter err = spec.commandLine().getErr();
      String refused = problems == 0 ? "" : ", " + Plural.of(problems, "problem");
      err.printf("%s evaluated, %,d skipped%s%n", Plural.of(taken, "event"), skipped, refused);
      err.flush();
    }

    private void each(Consumer<Backtest> action) {
      all.forEach(running -> action.accept(running.backtest()));
    }
  }
}
