package dev.tocsin.engine.cli;

import dev.tocsin.engine.store.StoreException;
import dev.tocsin.engine.store.StoreInfo;
import dev.tocsin.engine.store.Stores;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/** {@code tocsin store info}: a summary of a data folder. */
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    description =
        "Prints the size of the store, its segments, oldest and newest entry, checkpoint, and the"
            + " actions and events that wait.")
final class StoreInfoCommand implements Callable<Integer> {

  /** Output format. */
  enum ReportFormat {
    /** For a person. */
    table,
    /** One object. */
    json
  }

  @Mixin DataOptions options = new DataOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  CommandSpec spec;

  private final Map<String, String> environment;
  private final InstantSource clock;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "Output format: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private ReportFormat format = ReportFormat.table;

  StoreInfoCommand(Map<String, String> environment, InstantSource clock) {
    this.environment = environment;
    this.clock = clock;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      StoreInfo info = Stores.admin(options.folder(environment)).info();
      switch (format) {
        case table -> print(info, out);
        case json -> out.println(json(info));
      }
      out.flush();
      return 0;
    } catch (StoreException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return 1;
    }
  }

  private void print(StoreInfo info, PrintWriter out) {
    row(out, "store", info.file() + ", layout " + info.layout());
    row(
        out,
        "size",
        "%s in use, %s on disk, %s log, %s"
            .formatted(
                size(info.usedBytes()),
                size(info.bytes()),
                size(info.logBytes()),
                Plural.of(info.freePages(), "free page")));
    row(
        out,
        "journal",
        "%s in %s, last position %d"
            .formatted(
                Plural.of(info.entries(), "entry", "entries"),
                Plural.of(info.segments(), "segment"),
                info.last()));
    row(out, "oldest", instant(info.oldest()));
    row(out, "newest", instant(info.newest()));
    if (info.droppedUpTo() > 0) {
      row(out, "dropped", "up to position " + info.droppedUpTo());
    }
    row(out, "checkpoint", checkpoint(info));
    row(
        out,
        "waiting",
        Plural.of(info.waitingInvocations(), "action")
            + ", "
            + Plural.of(info.waitingFeedback(), "own event"));
  }

  private static void row(PrintWriter out, String name, String value) {
    out.printf("%-12s%s%n", name, value);
  }

  private String checkpoint(StoreInfo info) {
    StoreInfo.SavedCheckpoint checkpoint = info.checkpoint();
    return checkpoint == null
        ? "none"
        : "at position %d, %s before the last; clock %s; %s, %s"
            .formatted(
                checkpoint.sequence(),
                Plural.of(info.last() - checkpoint.sequence(), "entry", "entries"),
                instant(checkpoint.clock()),
                Plural.of(checkpoint.pages(), "page"),
                size(checkpoint.bytes()));
  }

  private String instant(@Nullable Instant instant) {
    if (instant == null) {
      return "-";
    }
    Duration age = Duration.between(instant, clock.instant()).truncatedTo(ChronoUnit.SECONDS);
    return instant + " (" + age(age) + " ago)";
  }

  private static String age(Duration age) {
    if (age.toDays() > 0) {
      return age.toDays() + "d" + age.toHoursPart() + "h";
    }
    if (age.toHours() > 0) {
      return age.toHours() + "h" + age.toMinutesPart() + "m";
    }
    return age.toMinutes() > 0
        ? age.toMinutes() + "m" + age.toSecondsPart() + "s"
        : age.toSeconds() + "s";
  }

  private static String size(long bytes) {
    String[] units = {"B", "kB", "MB", "GB", "TB"};
    double size = bytes;
    int unit = 0;
    while (size >= 1_000 && unit < units.length - 1) {
      size /= 1_000;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", size, units[unit]);
  }

  private static ObjectNode json(StoreInfo info) {
    ObjectNode json = Client.MAPPER.createObjectNode();
    json.put("file", info.file().toString());
    json.put("layout", info.layout());
    json.put("bytes", info.bytes());
    json.put("log_bytes", info.logBytes());
    json.put("used_bytes", info.usedBytes());
    json.put("free_pages", info.freePages());
    json.put("segments", info.segments());
    json.put("entries", info.entries());
    json.put("oldest", text(info.oldest()));
    json.put("newest", text(info.newest()));
    json.put("last", info.last());
    json.put("dropped_up_to", info.droppedUpTo());
    StoreInfo.SavedCheckpoint checkpoint = info.checkpoint();
    if (checkpoint == null) {
      json.putNull("checkpoint");
    } else {
      json.putObject("checkpoint")
          .put("sequence", checkpoint.sequence())
          .put("clock", checkpoint.clock().toString())
          .put("pages", checkpoint.pages())
          .put("bytes", checkpoint.bytes());
    }
    json.put("waiting_actions", info.waitingInvocations());
    json.put("waiting_own_events", info.waitingFeedback());
    return json;
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }
}
