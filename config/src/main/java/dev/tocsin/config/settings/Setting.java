package dev.tocsin.config.settings;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Every setting: its key in {@code tocsin.yaml}, its form and bounds, its default, what it is. Each
 * is also the environment variable {@link #variable()} and the flag {@code --set key=value}.
 */
public enum Setting {
  LISTEN(
      "listen",
      new Form.Address(),
      "127.0.0.1:4280",
      "Address and port to listen on; port 0 chooses a free port."),
  HOSTS(
      "hosts",
      new Form.Hosts(),
      "",
      "Names under which clients reach the daemon besides localhost and IP addresses: those of a"
          + " proxy or of a Kubernetes Service."),
  DATA(
      "data",
      new Form.Folder(),
      "./tocsin-data",
      "Folder of the store; created if it does not exist."),
  RETENTION_AGE(
      "retention_age",
      new Form.Time(Duration.ofMinutes(1), Duration.ofDays(36_500)),
      "",
      "How long events, firings and finished actions are kept; if not set, without limit."),
  RETENTION_SIZE(
      "retention_size",
      new Form.Size(100_000_000L, 1_000_000_000_000_000L),
      "",
      "Maximum size of the store; beyond it the oldest events are deleted. If not set, no limit."),
  AUTOMATIONS(
      "automations",
      new Form.Paths(),
      "",
      "Files and folders of automations, in the order of their declaration."),
  WATCH(
      "watch",
      new Form.Flag(),
      "false",
      "Whether a change of the automation files or of the settings file causes a reload."),
  NAMESPACE(
      "namespace",
      new Form.Text(
          Pattern.compile("[a-z][a-z0-9_-]*(\\.[a-z0-9_-]+)*"),
          64,
          "lower-case letters, digits, - and _, in parts separated by dots"),
      "prefect-cloud",
      "Prefix of the names, ids and labels of the engine's own events."),
  MAX_LABELS(
      "max_labels", new Form.Count(2, 10_000), "500", "Maximum number of labels of one resource."),
  MAX_RELATED(
      "max_related",
      new Form.Count(0, 10_000),
      "100",
      "Maximum number of related resources of one event."),
  MAX_EVENT_BYTES(
      "max_event_bytes",
      new Form.Count(1_000, 100_000_000),
      "1500000",
      "Maximum size of one event as JSON, in bytes."),
  MAX_FUTURE(
      "max_future",
      new Form.Time(Duration.ZERO, Duration.ofDays(365)),
      "1h",
      "Maximum time by which occurred can be later than the receipt of an event."),
  LAPSE(
      "lapse",
      new Form.Time(Duration.ofSeconds(1), Duration.ofDays(365)),
      "15m",
      "How long the state of a key is kept after it can no longer influence anything."),
  FOLLOWS_PATIENCE(
      "follows_patience",
      new Form.Time(Duration.ZERO, Duration.ofHours(1)),
      "10s",
      "Maximum time that an event waits for the event that it follows; 0 disables waiting."),
  FOLLOWS_MEMORY(
      "follows_memory",
      new Form.Time(Duration.ZERO, Duration.ofDays(30)),
      "1h",
      "How long the ids of the latest 1,000,000 evaluated events are kept for events that follow"
          + " them."),
  MAX_CAUSAL_DEPTH(
      "max_causal_depth",
      new Form.Count(1, 1_000),
      "20",
      "Maximum causal depth: the length of a chain of firings that cause each other."),
  STARTUP_GRACE(
      "startup_grace",
      new Form.Time(Duration.ZERO, Duration.ofHours(1)),
      "30s",
      "How long the engine counts as blind after a restart, so that senders can catch up."),
  INTAKE_CAPACITY(
      "intake_capacity",
      new Form.Count(1, 10_000_000),
      "65536",
      "Maximum number of events that wait to be evaluated; beyond it senders receive status 429."),
  MAX_BATCH(
      "max_batch", new Form.Count(1, 100_000), "2000", "Maximum number of events in one commit."),
  CHECKPOINT_EVERY(
      "checkpoint_every",
      new Form.Count(1, 1_000_000_000),
      "100000",
      "Number of journal entries between checkpoints of trigger state; a restart evaluates at most"
          + " these again."),
  MAX_BODY_BYTES(
      "max_body_bytes",
      new Form.Count(1_000, 1_000_000_000),
      "32000000",
      "Maximum size of a request body that is not a stream, uncompressed; at least"
          + " max_event_bytes."),
  MAX_CONNECTIONS(
      "max_connections",
      new Form.Count(1, 1_000_000),
      "10000",
      "Maximum number of open connections."),
  BODY_TIMEOUT(
      "body_timeout",
      new Form.Time(Duration.ofMillis(1), Duration.ofHours(1)),
      "30s",
      "Maximum time without a byte of a request body, or without a byte of an answer that its"
          + " client reads."),
  QUERY_TIMEOUT(
      "query_timeout",
      new Form.Time(Duration.ofMillis(1), Duration.ofHours(1)),
      "10s",
      "Maximum duration of a query of events; a longer one is stopped and answered with 503."),
  IDLE_TIMEOUT(
      "idle_timeout",
      new Form.Time(Duration.ofMillis(1), Duration.ofDays(1)),
      "1m",
      "Maximum time that a connection stays open between requests."),
  SHUTDOWN_TIMEOUT(
      "shutdown_timeout",
      new Form.Time(Duration.ofMillis(1), Duration.ofHours(1)),
      "10s",
      "Maximum duration of a shutdown."),
  WEBHOOK_TIMEOUT(
      "webhook_timeout",
      new Form.Time(Duration.ofMillis(1), Duration.ofHours(1)),
      "15s",
      "Maximum duration of one webhook call."),
  MAX_RESPONSE_BYTES(
      "max_response_bytes",
      new Form.Count(0, 10_000_000),
      "65536",
      "Maximum number of bytes read of a webhook's response."),
  MAX_DESTINATIONS(
      "max_destinations",
      new Form.Count(1, 100_000),
      "1024",
      "Maximum number of destinations that are called at the same time."),
  DESTINATION_WINDOW(
      "destination_window",
      new Form.Count(1, 10_000),
      "32",
      "Maximum number of actions of one destination in memory; the others wait in the store."),
  STRICT_TEMPLATES(
      "strict_templates",
      new Form.Flag(),
      "false",
      "Whether an undefined value in a template fails the action; if not, it renders as empty"
          + " text."),
  UI_URL("ui_url", new Form.Link(), "", "Base URL of the links in templates."),
  WEBHOOKS(
      "webhooks",
      new Form.WebhookTable(),
      "",
      "Webhooks by name: url, method, headers, block_document_id. Secrets are references:"
          + " ${env:NAME} or ${file:PATH}.");

  /** What the value of a setting looks like. */
  public sealed interface Form {

    /** {@code host:port}. */
    record Address() implements Form {}

    /** A folder. */
    record Folder() implements Form {}

    /** A list of host names. */
    record Hosts() implements Form {}

    /** A list of files and folders. */
    record Paths() implements Form {}

    /** A text that fits a pattern. */
    record Text(Pattern pattern, int max, String rule) implements Form {}

    /** A whole number within bounds. */
    record Count(int min, int max) implements Form {}

    /** A time within bounds. */
    record Time(Duration min, Duration max) implements Form {}

    /** A number of bytes within bounds. */
    record Size(long min, long max) implements Form {}

    /** True or false. */
    record Flag() implements Form {}

    /** An http or https URL. */
    record Link() implements Form {}

    /** Webhooks by name. */
    record WebhookTable() implements Form {}
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

  /** The setting of this key; null if there is none. */
  static @Nullable Setting find(String key) {
    for (Setting setting : values()) {
      if (setting.key.equals(key)) {
        return setting;
      }
    }
    return null;
  }

  /** Its name in {@code tocsin.yaml} and for {@code --set}. */
  public String key() {
    return key;
  }

  /** What its value looks like, with its bounds. */
  public Form form() {
    return form;
  }

  /** The default, as it would be written; empty is none. */
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
