package dev.tocsin.engine.cli;

import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.StoreException;
import dev.tocsin.engine.store.StoredJournal;
import dev.tocsin.engine.store.Stores;
import dev.tocsin.triggers.Event;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tocsin store export}: the events of a data folder, one per line. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Writes the events of a store in the order in which they were accepted, one JSON object per"
          + " line, with 'received'.",
      "The commands 'backtest --events' and 'store import' read such files."
    })
final class StoreExportCommand implements Callable<Integer> {

  private static final int PAGE = 1_000;

  @Mixin DataOptions options = new DataOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  CommandSpec spec;

  private final Map<String, String> environment;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "New file, compressed if its name ends in .gz. Default: standard output.")
  private @Nullable Path output;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description =
          "Export only events received at this time or later, such as 2026-01-01T00:00:00Z.")
  private @Nullable Instant since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "Export only events received at this time or before.")
  private @Nullable Instant until;

  StoreExportCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  /** A consumer of events as JSON. */
  private interface Lines {
    void write(byte[] json) throws IOException;
  }

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    try (StoredJournal journal = Stores.admin(options.folder(environment)).journal()) {
      journal.unreadable().listen(err::println);
      err.println(Plural.of(write(journal), "event") + " written");
      int unreadable = journal.unreadable().count();
      if (unreadable == 0) {
        return 0;
      }
      err.println(Plural.of(unreadable, "entry", "entries") + " left out");
    } catch (StoreException e) {
      err.println(e.getMessage());
    } catch (FileAlreadyExistsException e) {
      err.println(output + ": file already exists. Choose another name.");
    } catch (IOException e) {
      err.println("Cannot write to " + output + ": " + FailureText.of(e));
    } finally {
      err.flush();
    }
    return 1;
  }

  private long write(StoredJournal journal) throws IOException {
    Path target = output;
    if (target == null) {
      PrintWriter out = spec.commandLine().getOut();
      long written = write(journal, json -> out.println(new String(json, StandardCharsets.UTF_8)));
      out.flush();
      return written;
    }
    OutputStream file = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW);
    boolean isWhole = false;
    try (file;
        OutputStream out = target.toString().endsWith(".gz") ? new GZIPOutputStream(file) : file) {
      byte[] lineEnd = {'\n'};
      long written =
          write(
              journal,
              json -> {
                out.write(json);
                out.write(lineEnd);
              });
      isWhole = true;
      return written;
    } finally {
      if (!isWhole) {
        Files.deleteIfExists(target);
      }
    }
  }

  private long write(StoredJournal journal, Lines lines) throws IOException {
    long written = 0;
    long at = 0;
    for (List<JournalEntry> page = journal.after(at, PAGE);
        !page.isEmpty();
        page = journal.after(at, PAGE)) {
      for (JournalEntry entry : page) {
        at = entry.sequence();
        if (entry instanceof JournalEntry.EventEntry taken && isWanted(taken.event())) {
          lines.write(taken.encoded().json());
          written++;
        }
      }
    }
    return written;
  }

  private boolean isWanted(Event event) {
    return (since == null || !event.received().isBefore(since))
        && (until == null || !event.received().isAfter(until));
  }
}
