package dev.tocsin.engine.cli;

import dev.tocsin.engine.replay.Recording;
import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.StoreException;
import dev.tocsin.engine.store.StoreImport;
import dev.tocsin.engine.store.Stores;
import dev.tocsin.triggers.Event;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tocsin store import}: recorded events as the history of a new store. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Creates a store from recorded events, one per line (.ndjson, .ndjson.gz), in the order of"
          + " 'received'. If an event has no 'received', its 'occurred' is used.",
      "Imported events are history: no trigger evaluates them, and their ids count as accepted.",
      "If any line is invalid, nothing is imported."
    })
final class StoreImportCommand implements Callable<Integer> {

  private static final int MAX_PROBLEMS = 100;

  @Mixin DataOptions options = new DataOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  CommandSpec spec;

  private final Map<String, String> environment;
  private final InstantSource clock;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files, oldest first.")
  @SuppressWarnings("NullAway.Init") // by picocli
  private List<Path> files;

  StoreImportCommand(Map<String, String> environment, InstantSource clock) {
    this.environment = environment;
    this.clock = clock;
  }

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    try {
      return fill(options.folder(environment), err);
    } catch (StoreException e) {
      err.println(e.getMessage());
      return 1;
    } finally {
      err.flush();
    }
  }

  private int fill(Path folder, PrintWriter err) {
    try (StoreImport store = Stores.admin(folder).importer()) {
      Taking taking = new Taking(store, clock.instant(), err);
      for (Path file : files) {
        read(file, taking);
      }
      if (taking.problems > 0) {
        err.println(Plural.of(taking.problems, "problem") + "; nothing was imported.");
        return 1;
      }
      store.finish();
      PrintWriter out = spec.commandLine().getOut();
      out.printf(
          "%s imported into %s, %s%n",
          Plural.of(taking.taken, "event"), folder, Plural.of(taking.known, "duplicate"));
      out.flush();
      return 0;
    }
  }

  private static void read(Path file, Taking taking) {
    try {
      Recording.ofFile(file, taking);
    } catch (IOException e) {
      taking.problem(file + ": " + FailureText.of(e));
    }
  }

  /** Adds the events to the store and counts them. */
  private static final class Taking implements Recording.Entries {

    private final StoreImport store;
    private final Instant now;
    private final PrintWriter err;
    private String place = "";
    private long taken;
    private long known;
    private long problems;

    Taking(StoreImport store, Instant now, PrintWriter err) {
      this.store = store;
      this.now = now;
      this.err = err;
    }

    @Override
    public void at(String next) {
      place = next;
    }

    @Override
    public void entry(JournalEntry entry) {
      if (!(entry instanceof JournalEntry.EventEntry taking)) {
        throw new IllegalStateException("a file contains only events");
      }
      add(taking.event());
    }

    private void add(Event event) {
      Instant latest = store.latest();
      if (latest != null && event.received().isBefore(latest)) {
        problem(
            "%s  $.received  must not be earlier than that of the previous event, %s, not %s"
                .formatted(place, latest, event.received()));
      } else if (event.received().isAfter(now)) {
        problem(
            "%s  $.received  must not be later than the current time, %s, not %s"
                .formatted(place, now, event.received()));
      } else if (store.add(event)) {
        taken++;
      } else {
        known++;
      }
    }

    @Override
    public void problem(String problem) {
      if (problems++ < MAX_PROBLEMS) {
        err.println(problem);
      }
    }

    @Override
    public void progress(long read) {
      // Only the result is printed.
    }
  }
}
