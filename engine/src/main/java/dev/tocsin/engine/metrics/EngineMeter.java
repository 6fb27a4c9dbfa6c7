package dev.tocsin.engine.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Every meter of the engine: its name, what it measures, its unit and its tags. */
public enum EngineMeter {
  EVENTS_ACCEPTED(MeterKind.COUNTER, "events", "Events accepted and durable."),
  EVENTS_REFUSED(
      MeterKind.COUNTER, "events", "Events refused because something is wrong with them."),
  EVENTS_DUPLICATED(MeterKind.COUNTER, "events", "Events whose id had been accepted before."),
  EVENTS_MATCHED(MeterKind.COUNTER, "events", "Events that at least one trigger covers."),
  FIRINGS(MeterKind.COUNTER, "firings", "Firings of all automations."),
  AUTOMATION_FIRINGS(
      MeterKind.COUNTER,
      "firings",
      "Firings by automation, with its current name: the first 1,000 automations that fire, the"
          + " rest as `other`.",
      "automation",
      "name"),
  KEYS_EVICTED(
      MeterKind.COUNTER,
      "keys",
      "Keys whose state was dropped because their trigger had `max_keys`."),
  ACTIONS(
      MeterKind.COUNTER, "actions", "Actions that ended, by type and outcome.", "type", "outcome"),
  QUEUE_DEPTH(MeterKind.GAUGE, "entries", "What waits in a queue of the engine now.", "queue"),
  COMMIT_SIZE(MeterKind.SUMMARY, "entries", "Journal entries of one commit."),
  COMMIT_DURATION(MeterKind.TIMER, "seconds", "How long one commit took."),
  CHECKPOINT_DURATION(
      MeterKind.TIMER,
      "seconds",
      "From taking what has changed of the trigger state until it was saved, beside evaluation."),
  CHECKPOINT_ROWS(
      MeterKind.SUMMARY,
      "rows",
      "Keys and ids of events in one checkpoint, which are what has changed."),
  CHECKPOINT_SIZE(MeterKind.SUMMARY, "bytes", "Bytes of one checkpoint."),
  CHECKPOINT_CLOCK(
      MeterKind.GAUGE,
      "seconds",
      "Engine clock of the last checkpoint, in seconds since 1970; 0 before the first."),
  RELOADS(
      MeterKind.COUNTER,
      "reloads",
      "Reloads of automations and webhooks: `applied`, or `failed` and nothing changed.",
      "outcome"),
  RELOAD_LAST_SUCCESS_TIMESTAMP_SECONDS(
      MeterKind.GAUGE,
      "seconds",
      "When the last reload was applied, in seconds since 1970; 0 before the first."),
  EVALUATION_LAG(MeterKind.TIMER, "seconds", "From the receipt of an event to its evaluation."),
  STORE_SEGMENTS(MeterKind.GAUGE, "segments", "Segments of the journal in the store."),
  STORE_BYTES(MeterKind.GAUGE, "bytes", "Bytes in use in the store's file."),
  STORE_OLDEST(
      MeterKind.GAUGE,
      "seconds",
      "Receipt of the oldest entry in the store, in seconds since 1970."),
  STORE_ROWS_UNREADABLE(
      MeterKind.GAUGE,
      "rows",
      "Rows of the store that could not be read since the start, and are left out."),
  STORE_DROPPED(MeterKind.COUNTER, "entries", "Entries of the journal dropped by retention."),
  BLIND_INTERVALS(
      MeterKind.COUNTER, "intervals", "Blind intervals by what each began with.", "cause"),
  BLIND_SECONDS(
      MeterKind.COUNTER, "seconds", "Seconds that counted as blind, each once, by cause.", "cause"),
  CLOCK_JUMPS(
      MeterKind.COUNTER,
      "jumps",
      "Jumps of the host's clock by a second or more against its monotonic counter.",
      "direction"),
  CLOCK_AHEAD(
      MeterKind.GAUGE,
      "seconds",
      "By how much the engine's clock is ahead of the host's, after that went back."),
  TEMPLATE_UNDEFINED(MeterKind.COUNTER, "paths", "Template paths that had no value when rendered."),
  CONDITION_ERRORS(MeterKind.COUNTER, "errors", "Errors in a `where`, each taken as false."),
  HTTP_REQUESTS(
      MeterKind.TIMER,
      "seconds",
      "HTTP requests answered and how long that took.",
      "route",
      "status"),
  HTTP_CONNECTIONS(MeterKind.GAUGE, "connections", "Open HTTP connections."),
  HTTP_CONNECTIONS_REFUSED(
      MeterKind.COUNTER, "connections", "HTTP connections refused because too many were open."),
  LOG_LINES_DROPPED(
      MeterKind.COUNTER,
      "lines",
      "Log lines dropped because nobody read standard error, or because of their number.");

  /** What a meter is to Prometheus. */
  public enum MeterKind {
    /** Only grows. */
    COUNTER,
    /** A value now. */
    GAUGE,
    /** Sizes: their number, sum and largest. */
    SUMMARY,
    /** Durations: their number, sum and largest. */
    TIMER
  }

  private final MeterKind kind;
  private final String unit;
  private final String description;

  @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable.
  private final List<String> tags;

  EngineMeter(MeterKind kind, String unit, String description, String... tags) {
    this.kind = kind;
    this.unit = unit;
    this.description = description;
    this.tags = List.of(tags);
  }

  /** The name in the program, with dots: {@code tocsin.events.accepted}. */
  public String meterName() {
    return "tocsin." + name().toLowerCase(Locale.ROOT).replace('_', '.');
  }

  /** The name that {@code /metrics} begins its lines with. */
  public String prometheusName() {
    String name = meterName().replace('.', '_');
    return switch (kind) {
      case COUNTER -> name + "_total";
      case GAUGE, SUMMARY -> name;
      case TIMER -> name + "_seconds";
    };
  }

  /** What kind of meter it is. */
  public MeterKind kind() {
    return kind;
  }

  /** What is counted, or the unit of what is measured. */
  public String unit() {
    return unit;
  }

  /** One sentence for an operator. */
  public String description() {
    return description;
  }

  /** The names of its tags, in order. */
  public List<String> tags() {
    return tags;
  }

  /** All meters as the rows of a Markdown table, header included, in the order declared. */
  public static List<String> markdownTable() {
    List<String> header = List.of("| meter | kind | tags | meaning |", "|---|---|---|---|");
    return Stream.concat(header.stream(), Arrays.stream(values()).map(EngineMeter::markdownRow))
        .toList();
  }

  private String markdownRow() {
    return "| `%s` | %s | %s | %s |"
        .formatted(
            prometheusName(),
            kind.name().toLowerCase(Locale.ROOT),
            String.join(", ", tags.stream().map(tag -> "`" + tag + "`").toList()),
            description);
  }
}
