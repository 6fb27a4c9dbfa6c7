package dev.tocsin.engine.cli;

import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.StoreException;
import dev.tocsin.engine.store.StoredJournal;
import dev.tocsin.triggers.Event;
import dev.tocsin.wire.EventJson;
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

/** {@code tocsin store export}: the events of a data folder as lines. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Writes the events of a store, one JSON object a line with its 'received', in the order in"
          + " which they were taken in; what 'backtest --events' and 'store import' read."
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
      description = "A new file, packed where its name ends in .gz (default: standard output).")
  private @Nullable Path output;

  @Option(names = "--since", paramLabel = "TIME", description = "Received at this time or later.")
  private @Nullable Instant since;

  @Option(names = "--until", paramLabel = "TIME", description = "Received at this time or before.")
  private @Nullable Instant until;

  StoreExportCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Takes the events one by one. */
  private interface Lines {
    void write(byte[] json) throws IOException;
  }

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    try (StoredJournal journal = StoredJournal.open(options.folder(environment))) {
      err.println(write(journal) + " events written");
      return 0;
    } catch (StoreException e) {
      err.println(e.getMessage());
    } catch (FileAlreadyExistsException e) {
      err.println(output + " exists already and is left as it is. Name another file");
    } catch (IOException e) {
      err.println("Cannot write to " + output + ": " + e.getMessage());
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
        if (entry instanceof JournalEntry.EventEntry(long _, Event event) && isWanted(event)) {
          lines.write(EventJson.write(event));
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
