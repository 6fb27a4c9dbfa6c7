package dev.tocsin.engine.cli;

import dev.tocsin.engine.cli.Client.ClientException;
import dev.tocsin.engine.cli.Client.Reply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code tocsin emit}: sends one event from flags, or a file of events. */
@Command(
    name = "emit",
    description = "Sends events to a daemon: one from flags, or a file with one a line.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tocsin emit --event acme.order.shipped --resource order.1 --label region=eu",
      "  tocsin emit --file events.ndjson --gzip",
      "%nEnds with 0 if all events were taken, 1 if one was refused or the daemon is away,",
      "2 on wrong usage."
    })
public final class EmitCommand implements Callable<Integer> {

  private static final String RESOURCE_ID = "prefect.resource.id";
  private static final String ROLE = "prefect.resource.role";

  private final IdSource ids;
  private final InstantSource clock;
  private final InputStream standardInput;
  private final Terminal terminal;

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  private CommandSpec spec;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "The daemon; default ${DEFAULT-VALUE}.")
  private URI url = URI.create("http://127.0.0.1:4280");

  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  @Option(names = "--gzip", description = "Pack what is sent.")
  private boolean gzip;

  /** A file, or the flags of one event. */
  static final class Source {
    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = "Events, one a line; - is standard input.")
    private @Nullable Path file;

    @ArgGroup(exclusive = false)
    private @Nullable OneEvent event;
  }

  /** One event from flags. */
  static final class OneEvent {
    @Option(names = "--event", required = true, paramLabel = "NAME", description = "Its name.")
    private String name = "";

    @Option(
        names = "--resource",
        required = true,
        paramLabel = "ID",
        description = "Id of its primary resource.")
    private String resource = "";

    @Option(
        names = "--label",
        paramLabel = "LABEL=VALUE",
        description = "A label of the primary resource; may be repeated.")
    private Map<String, String> labels = new LinkedHashMap<>();

    @Option(
        names = "--related",
        paramLabel = "ROLE=ID",
        description = "A related resource; may be repeated.")
    private List<String> related = List.of();

    @Option(names = "--payload", paramLabel = "JSON", description = "An object.")
    private @Nullable String payload;

    @Option(names = "--id", paramLabel = "ID", description = "Its id; left out, a new one.")
    private @Nullable String id;

    @Option(
        names = "--occurred",
        paramLabel = "TIME",
        description = "When, RFC 3339 with an offset; left out, now.")
    private @Nullable String occurred;

    @Option(names = "--follows", paramLabel = "ID", description = "Id of an event before it.")
    private @Nullable String follows;
  }

  /**
   * With what it needs of the process.
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
    try (Client client = Client.of(url);
        InputStream input = open()) {
      EventLines lines = new EventLines(input, ids, bar::at);
      Reply reply = client.stream(gzip ? new GzipInputStream(lines) : lines, gzip);
      bar.clear();
      return report(lines.sent(), reply);
    } catch (ClientException problem) {
      bar.clear();
      err.println(problem.getMessage());
      return 1;
    } catch (NoSuchFileException missing) {
      err.println(missing.getFile() + ": no such file");
      return 1;
    } catch (IOException unreadable) {
      err.println("cannot read the input: " + unreadable.getMessage());
      return 1;
    }
  }

  private InputStream open() throws IOException {
    OneEvent event = source.event;
    if (event != null) {
      return new ByteArrayInputStream(Client.MAPPER.writeValueAsBytes(json(event)));
    }
    Path file = source.file;
    return file == null || isStandardInput(file) ? standardInput : Files.newInputStream(file);
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
    event.labels.forEach(resource::put);
    ArrayNode related = json.putArray("related");
    for (String pair : event.related) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw usage("--related must be ROLE=ID; is " + pair);
      }
      related
          .addObject()
          .put(RESOURCE_ID, pair.substring(equals + 1))
          .put(ROLE, pair.substring(0, equals));
    }
    if (event.payload != null) {
      json.set("payload", payload(event.payload));
    }
    if (event.follows != null) {
      json.put("follows", event.follows);
    }
    return json;
  }

  private JsonNode payload(String text) {
    try {
      JsonNode payload = Client.MAPPER.readTree(text);
      if (payload.isObject()) {
        return payload;
      }
    } catch (JacksonException notJson) {
      throw usage("--payload must be a JSON object: " + notJson.getOriginalMessage());
    }
    throw usage("--payload must be a JSON object; is " + text);
  }

  private int report(long sent, Reply reply) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    JsonNode json = reply.json();
    for (JsonNode problem : json.path("problems")) {
      err.println(
          "%s:%d  %s  %s"
              .formatted(
                  name(),
                  problem.path("line").asLong(),
                  problem.path("path").asString(),
                  problem.path("msg").asString()));
    }
    long refused = json.path("refused").asLong(0);
    if (refused > json.path("problems").size()) {
      err.println("… the first " + json.path("problems").size() + " problems only");
    }
    if (reply.status() != 200) {
      err.println(reply.reason());
    }
    err.flush();
    out.println(
        "%d sent, %d accepted, %d duplicates, %d refused"
            .formatted(
                sent, json.path("accepted").asLong(0), json.path("duplicates").asLong(0), refused));
    out.flush();
    return reply.status() == 200 && refused == 0 ? 0 : 1;
  }

  private String name() {
    Path file = source.file;
    return file == null ? "event" : isStandardInput(file) ? "stdin" : file.toString();
  }

  /** Of the input in bytes; 0 where it is not known. */
  private long size() {
    Path file = source.file;
    return file == null || isStandardInput(file) ? 0 : file.toFile().length();
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
