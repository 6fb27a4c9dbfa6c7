package dev.tocsin.engine.cli;

import dev.tocsin.engine.cli.Client.ClientException;
import dev.tocsin.engine.cli.Client.Reply;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** {@code tocsin emit}: sends one event from options, or a file of events. */
@Command(
    name = "emit",
    description = {
      "Sends events to a daemon: one event made from options, or a file with one event per line.",
      "An event without an id gets a new one. The daemon ignores an id that it has already stored."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tocsin emit --event acme.order.shipped --resource order.1 --label region=eu",
      "  tocsin emit --file events.ndjson --gzip",
      "%nExit codes: 0 all events accepted, 1 an event was refused or the daemon is unavailable,"
          + " 2 wrong usage."
    })
public final class EmitCommand implements Callable<Integer> {

  private static final String RESOURCE_ID = "prefect.resource.id";
  private static final String ROLE = "prefect.resource.role";
  private static final byte[] GZIP = {0x1f, (byte) 0x8b};

  private final IdSource ids;
  private final InstantSource clock;
  private final InputStream standardInput;
  private final Terminal terminal;

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  private CommandSpec spec;

  @Mixin private DaemonOptions daemon = new DaemonOptions();

  @ArgGroup(multiplicity = "1")
  private EventSource source = new EventSource();

  @Option(names = "--gzip", description = "Compress the request with gzip.")
  private boolean gzip;

  /** A file, or the options of one event. */
  static final class EventSource {
    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = "File with one event per line, plain or gzip; - reads standard input.")
    private @Nullable Path file;

    @ArgGroup(exclusive = false)
    private @Nullable OneEvent event;
  }

  /** One event from options. */
  static final class OneEvent {
    @Option(
        names = "--event",
        required = true,
        paramLabel = "NAME",
        description = "Name of the event, such as order.shipped.")
    private String name = "";

    @Option(
        names = "--resource",
        required = true,
        paramLabel = "ID",
        description = "Id of the primary resource (prefect.resource.id).")
    private String resource = "";

    @Option(
        names = "--label",
        paramLabel = "LABEL=VALUE",
        description = "Label of the primary resource. Can be repeated.")
    private List<String> labels = List.of();

    @Option(
        names = "--related",
        paramLabel = "ROLE=ID",
        description = "Role and id of a related resource. Can be repeated.")
    private List<String> related = List.of();

    @Option(names = "--payload", paramLabel = "JSON", description = "Payload, a JSON object.")
    private @Nullable String payload;

    @Option(names = "--id", paramLabel = "ID", description = "Id of the event. Default: a new one.")
    private @Nullable String id;

    @Option(
        names = "--occurred",
        paramLabel = "TIME",
        description = "Time of the event, such as 2026-01-01T00:00:00Z. Default: now.")
    private @Nullable String occurred;

    @Option(
        names = "--follows",
        paramLabel = "ID",
        description = "Id of an event that happened before this one.")
    private @Nullable String follows;
  }

  /**
   * A command of this process.
   *
   * @param ids for events without an id
   * @param clock for an event without a time
   * @param standardInput for {@code --file -}
   * @param terminal of the standard error output, for the progress
   */
  public EmitCommand(
      IdSource ids, InstantSource clock, InputStream standardInput, Terminal terminal) {
    this.ids = ids;
    this.clock = clock;
    this.standardInput = standardInput;
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    ProgressBar bar = new ProgressBar(err, terminal, "sent", size());
    try (Client client = new Client(daemon.url);
        InputStream input = open()) {
      EventLines lines = new EventLines(input, ids, bar::at);
      Reply reply = client.stream(lines, gzip);
      bar.clear();
      return report(lines.sent(), reply);
    } catch (ClientException problem) {
      bar.clear();
      err.println(problem.getMessage());
      return 1;
    } catch (IOException unreadable) {
      bar.clear();
      err.println(name() + ": " + FailureText.of(unreadable));
      return 1;
    }
  }

  private InputStream open() throws IOException {
    OneEvent event = source.event;
    if (event != null) {
      return new ByteArrayInputStream(Client.MAPPER.writeValueAsBytes(json(event)));
    }
    Path file = source.file;
    return decompressed(
        file == null || isStandardInput(file) ? standardInput : Files.newInputStream(file));
  }

  /** The content of a stream that may be compressed: the first two bytes show it. */
  private static InputStream decompressed(InputStream stream) throws IOException {
    InputStream input = new BufferedInputStream(stream);
    input.mark(GZIP.length);
    boolean isGzip = Arrays.equals(input.readNBytes(GZIP.length), GZIP);
    input.reset();
    return isGzip ? new GZIPInputStream(input) : input;
  }

  private static boolean isStandardInput(Path file) {
    return file.toString().equals("-");
  }

  private JsonNode json(OneEvent event) {
    ObjectNode json = Client.MAPPER.createObjectNode();
    json.put("id", event.id == null ? ids.next() : event.id);
    json.put("occurred", event.occurred == null ? clock.instant().toString() : event.occurred);
    json.put("event", event.name);
    ObjectNode resource = json.putObject("resource").put(RESOURCE_ID, event.resource);
    for (String pair : event.labels) {
      String[] label = pair("--label", "LABEL=VALUE", pair);
      resource.put(label[0], label[1]);
    }
    ArrayNode related = json.putArray("related");
    for (String pair : event.related) {
      String[] role = pair("--related", "ROLE=ID", pair);
      related.addObject().put(RESOURCE_ID, role[1]).put(ROLE, role[0]);
    }
    if (event.payload != null) {
      json.putRawValue("payload", payload(event.payload));
    }
    if (event.follows != null) {
      json.put("follows", event.follows);
    }
    return json;
  }

  private String[] pair(String option, String form, String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw usage(option + " must be " + form + ", not '" + text + "'");
    }
    return new String[] {text.substring(0, equals), text.substring(equals + 1)};
  }

  /** The text as it was written, in one line: numbers keep their digits. */
  private RawValue payload(String text) {
    try {
      if (Client.MAPPER.readTree(text).isObject()) {
        return new RawValue(text.replace('\n', ' ').replace('\r', ' '));
      }
    } catch (JacksonException notJson) {
      throw usage("--payload must be a JSON object: " + notJson.getOriginalMessage());
    }
    throw usage("--payload must be a JSON object, not '" + text + "'");
  }

  private int report(long sent, Reply reply) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    JsonNode json = reply.json();
    print(json.path("problems"), "", err);
    print(json.path("warnings"), "warning: ", err);
    long refused = json.path("refused").asLong(0);
    if (refused > json.path("problems").size()) {
      err.println("Only the first " + json.path("problems").size() + " problems are listed.");
    }
    if (reply.status() != 200) {
      err.println(reply.reason());
    }
    err.flush();
    long duplicates = json.path("duplicates").asLong(0);
    out.printf(
        "%d sent, %d accepted, %d %s, %d refused%n",
        sent,
        json.path("accepted").asLong(0),
        duplicates,
        Plural.noun(duplicates, "duplicate"),
        refused);
    out.flush();
    return reply.status() == 200 && refused == 0 ? 0 : 1;
  }

  private void print(JsonNode problems, String kind, PrintWriter err) {
    for (JsonNode problem : problems) {
      err.printf(
          "%s:%d  %s%s  %s%n",
          name(),
          problem.path("line").asLong(),
          kind,
          problem.path("path").asString(),
          problem.path("msg").asString());
    }
  }

  private String name() {
    Path file = source.file;
    return file == null ? "event" : isStandardInput(file) ? "stdin" : file.toString();
  }

  /** Size of the input in bytes, 0 if it is unknown or compressed. */
  private long size() {
    Path file = source.file;
    if (file == null || isStandardInput(file) || file.toString().endsWith(".gz")) {
      return 0;
    }
    return file.toFile().length();
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
