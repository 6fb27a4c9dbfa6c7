package dev.tocsin.config.settings;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Every setting: its key in {@code tocsin.yaml}, its form and bounds, its default, what it is. Each
 * is also the environment variable {@link #variable()} and the flag {@code --set key=value}.
 */
public enum Setting {
  /** Where to listen. */
  LISTEN(
      "listen",
      new Form.Address(),
      "127.0.0.1:4280",
      "Address and port to listen on; port 0 is any free one."),
  /** Where the store lives. */
  DATA("data", new Form.Folder(), "./tocsin-data", "Folder of the store; made if it is missing."),
  /** How long events are kept. */
  RETENTION_AGE(
      "retention_age",
      new Form.Time(Duration.ofMinutes(1), Duration.ofDays(36_500)),
      "",
      "How long events, firings and finished actions are kept; without it, for ever."),
  /** How much is kept. */
  RETENTION_SIZE(
      "retention_size",
      new Form.Size(100_000_000L, 1_000_000_000_000_000L),
      "",
      "Bytes in the store beyond which the oldest events go; without it, no limit."),
  /** What to load. */
  AUTOMATIONS(
      "automations",
      new Form.Paths(),
      "",
      "Files and folders of automations, in the order in which they are declared."),
  /** Prefix of the engine's own events. */
  NAMESPACE(
      "namespace",
      new Form.Text(
          Pattern.compile("[a-z][a-z0-9_-]*(\\.[a-z0-9_-]+)*"),
          64,
          "lower-case letters, digits, - and _, in parts divided by dots"),
      "prefect-cloud",
      "Prefix of the names, ids and labels of the engine's own events."),
  /** Most labels of one resource. */
  MAX_LABELS("max_labels", new Form.Count(2, 10_000), "500", "Most labels of one resource."),
  /** Most related resources of one event. */
  MAX_RELATED(
      "max_related", new Form.Count(0, 10_000), "100", "Most related resources of one event."),
  /** Largest event. */
  MAX_EVENT_BYTES(
      "max_event_bytes",
      new Form.Count(1_000, 100_000_000),
      "1500000",
      "Most bytes of one event as JSON."),
  /** How far an event may lie ahead. */
  MAX_FUTURE(
      "max_future",
      new Form.Time(Duration.ZERO, Duration.ofDays(365)),
      "1h",
      "How far the time of an event may lie ahead of its receipt."),
  /** How long a state is kept. */
  LAPSE(
      "lapse",
      new Form.Time(Duration.ofSeconds(1), Duration.ofDays(365)),
      "15m",
      "How long a trigger's state is kept past all that it can still influence."),
  /** How long an event waits for another. */
  FOLLOWS_PATIENCE(
      "follows_patience",
      new Form.Time(Duration.ZERO, Duration.ofHours(1)),
      "10s",
      "How long an event waits for the one that it follows; 0 is not at all."),
  /** How long an event can be followed without waiting. */
  FOLLOWS_MEMORY(
      "follows_memory",
      new Form.Time(Duration.ZERO, Duration.ofDays(30)),
      "1h",
      "How long an event is known as evaluated to those that follow it; of the latest 1,000,000."),
  /** Deepest firing of a chain. */
  MAX_CAUSAL_DEPTH(
      "max_causal_depth",
      new Form.Count(1, 1_000),
      "20",
      "Deepest firing in a chain of firings that set each other off."),
  /** How long senders may take to catch up. */
  STARTUP_GRACE(
      "startup_grace",
      new Form.Time(Duration.ZERO, Duration.ofHours(1)),
      "30s",
      "How long after a restart the engine still counts as blind, so that senders can catch up."),
  /** How many events may wait. */
  INTAKE_CAPACITY(
      "intake_capacity",
      new Form.Count(1, 10_000_000),
      "65536",
      "Most events that wait to be evaluated; beyond it senders are told to come back."),
  /** Largest commit. */
  MAX_BATCH("max_batch", new Form.Count(1, 100_000), "2000", "Most events of one commit."),
  /** Entries between checkpoints. */
  CHECKPOINT_EVERY(
      "checkpoint_every",
      new Form.Count(1, 1_000_000_000),
      "100000",
      "Entries of the journal after which trigger state is saved; a restart evaluates them again."),
  /** Largest body. */
  MAX_BODY_BYTES(
      "max_body_bytes",
      new Form.Count(1_000, 1_000_000_000),
      "32000000",
      "Largest body of a request that is no stream, unpacked; at least max_event_bytes."),
  /** Most connections. */
  MAX_CONNECTIONS(
      "max_connections", new Form.Count(1, 1_000_000), "10000", "Most open connections."),
  /** Patience with a slow sender. */
  BODY_TIMEOUT(
      "body_timeout",
      new Form.Time(Duration.ofMillis(1), Duration.ofHours(1)),
      "30s",
      "Longest time without a byte of a request's body."),
  /** Patience with a silent connection. */
  IDLE_TIMEOUT(
      "idle_timeout",
      new Form.Time(Duration.ofMillis(1), Duration.ofDays(1)),
      "1m",
      "Longest time that a connection stays open between requests."),
  /** Longest stop. */
  SHUTDOWN_TIMEOUT(
      "shutdown_timeout",
      new Form.Time(Duration.ofMillis(1), Duration.ofHours(1)),
      "10s",
      "Longest time that a stop takes."),
  /** Longest webhook call. */
  WEBHOOK_TIMEOUT(
      "webhook_timeout",
      new Form.Time(Duration.ofMillis(1), Duration.ofHours(1)),
      "15s",
      "Longest time of one webhook call."),
  /** How much of an answer is read. */
  MAX_RESPONSE_BYTES(
      "max_response_bytes",
      new Form.Count(0, 10_000_000),
      "65536",
      "How much of a webhook's answer is read."),
  /** Most destinations at once. */
  MAX_DESTINATIONS(
      "max_destinations",
      new Form.Count(1, 100_000),
      "1024",
      "Most webhook destinations called at the same time."),
  /** Most invocations in memory. */
  DESTINATION_WINDOW(
      "destination_window",
      new Form.Count(1, 10_000),
      "32",
      "Most actions of one destination held in memory; the others wait in the store."),
  /** Whether an undefined value is an error. */
  STRICT_TEMPLATES(
      "strict_templates",
      new Form.Flag(),
      "false",
      "Whether a value that a template does not find fails the action; else it is empty text."),
  /** Where links lead. */
  UI_URL("ui_url", new Form.Link(), "", "Base of the links that templates make."),
  /** Whom automations may call by name. */
  WEBHOOKS(
      "webhooks",
      new Form.Webhooks(),
      "",
      "Webhooks by name: url, method, headers, block_document_id. Secrets only by reference:"
          + " ${env:NAME} or ${file:PATH}.");

  /** What the value of a setting looks like. */
  public sealed interface Form {

    /** {@code host:port}. */
    record Address() implements Form {}

    /** A folder. */
    record Folder() implements Form {}

    /** A list of files and folders. */
    record Paths() implements Form {}

    /** A text that fits a pattern. */
    record Text(Pattern pattern, int most, String rule) implements Form {}

    /** A whole number within bounds. */
    record Count(int least, int most) implements Form {}

    /** A time within bounds. */
    record Time(Duration least, Duration most) implements Form {}

    /** A number of bytes within bounds. */
    record Size(long least, long most) implements Form {}

    /** True or false. */
    record Flag() implements Form {}

    /** An http or https URL. */
    record Link() implements Form {}

    /** Webhooks by name. */
    record Webhooks() implements Form {}
  }

  /** Begins the name of every environment variable of a setting. */
  public static final String VARIABLE_PREFIX = "TOCSIN_";

  private final String key;

  /** Immutable: a sealed interface of records, which the check cannot see. */
  @SuppressWarnings("ImmutableEnumChecker")
  private final Form form;

  private final String defaultText;
  private final String description;

  Setting(String key, Form form, String defaultText, String description) {
    this.key = key;
    this.form = form;
    this.defaultText = defaultText;
    this.description = description;
  }

  /** Its name in {@code tocsin.yaml} and for {@code --set}. */
  public String key() {
    return key;
  }

  /** What its value looks like, with its bounds. */
  public Form form() {
    return form;
  }

  /** What holds where nobody sets it, as it would be written; empty is none. */
  public String defaultText() {
    return defaultText;
  }

  /** What it is, in one sentence. */
  public String description() {
    return description;
  }

  /** The environment variable that sets it. */
  public String variable() {
    return VARIABLE_PREFIX + key.toUpperCase(Locale.ROOT);
  }
}
