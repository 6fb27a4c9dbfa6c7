package dev.tocsin.engine.cli;

import dev.tocsin.engine.cli.Client.ClientException;
import dev.tocsin.engine.cli.Client.Reply;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code tocsin events}: lists the events of a daemon, or follows them. */
@Command(
    name = "events",
    description = {
      "Lists the events that a daemon has stored, newest first.",
      "With --follow it lists them oldest first and continues with new events until Ctrl-C."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tocsin events --event 'acme.order.*' --limit 20",
      "  tocsin events --follow --format ndjson"
    })
public final class EventsCommand implements Callable<Integer> {

  private static final int PAGE = 1_000;

  /** Waits between two requests; false ends the command. */
  @FunctionalInterface
  public interface Pause {

    /** Waits for a time. */
    boolean await(Duration time) throws InterruptedException;
  }

  private final Pause pause;
  private final Terminal terminal;

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  private CommandSpec spec;

  @Mixin private DaemonOptions daemon = new DaemonOptions();

  @Option(
      names = "--event",
      paramLabel = "PATTERN",
      description = "List only events whose name matches, such as 'acme.order.*'.")
  private @Nullable String event;

  @Option(
      names = "--resource",
      paramLabel = "PATTERN",
      description = "List only events whose primary resource has a matching id.")
  private @Nullable String resource;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "List only events that occurred at this time or later, such as"
              + " 2026-01-01T00:00:00Z.")
  private @Nullable String since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "List only events that occurred at this time or before.")
  private @Nullable String until;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Maximum number of events listed. Default: ${DEFAULT-VALUE}.")
  private int limit = 100;

  @Option(names = "--follow", description = "Continue with new events as they are accepted.")
  private boolean follow;

  @Option(
      names = "--interval",
      paramLabel = "SECONDS",
      description = "Seconds between two requests of --follow. Default: ${DEFAULT-VALUE}.")
  private double interval = 1;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "Output format: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private StreamFormat format = StreamFormat.table;

  /**
   * A command of this process.
   *
   * @param pause waits between two requests of {@code --follow}
   * @param terminal of the standard output
   */
  public EventsCommand(Pause pause, Terminal terminal) {
    this.pause = pause;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (limit < 1) {
      throw new ParameterException(spec.commandLine(), "--limit must be at least 1, not " + limit);
    }
    if (!(interval > 0 && interval <= 3_600)) {
      throw new ParameterException(
          spec.commandLine(), "--interval must be more than 0 and at most 3,600, not " + interval);
    }
    PrintWriter out = spec.commandLine().getOut();
    try (Client client = new Client(daemon.url)) {
      if (follow) {
        follow(client);
      } else {
        List<JsonNode> events = list(client);
        EventPrinter printer = printer();
        events.forEach(printer::print);
        out.flush();
      }
      return 0;
    } catch (ClientException problem) {
      out.flush();
      spec.commandLine().getErr().println(problem.getMessage());
      return 1;
    }
  }

  /** Prints a header: to be made once the daemon has answered. */
  private EventPrinter printer() {
    return new EventPrinter(spec.commandLine().getOut(), terminal, format == StreamFormat.table);
  }

  /** At most {@code limit} events, newest first. */
  private List<JsonNode> list(Client client) throws ClientException {
    List<JsonNode> events = new ArrayList<>();
    String cursor = "";
    while (cursor != null && events.size() < limit) {
      Map<String, String> query = query(Math.min(PAGE, limit - events.size()));
      if (!cursor.isEmpty()) {
        query.put("cursor", cursor);
      }
      JsonNode page = ask(client, "/api/events", query);
      page.path("events").forEach(events::add);
      cursor = page.path("next").isString() ? page.get("next").asString() : null;
    }
    return events;
  }

  /**
   * Prints the newest events, oldest first, then the journal from the position read before them.
   * Events accepted in between are in both and printed once.
   */
  private void follow(Client client) throws ClientException, InterruptedException {
    long last = ask(client, "/api/journal", query(1)).path("last").asLong();
    Set<String> shown = new HashSet<>();
    List<JsonNode> newest = list(client).reversed();
    EventPrinter printer = printer();
    for (JsonNode event : newest) {
      shown.add(event.path("id").asString());
      printer.print(event);
    }
    Duration time = Duration.ofMillis((long) (interval * 1_000));
    while (!printer.isBroken()) {
      Map<String, String> query = query(PAGE);
      query.put("after", Long.toString(last));
      JsonNode page = ask(client, "/api/journal", query);
      for (JsonNode event : page.path("events")) {
        if (!shown.remove(event.path("id").asString())) {
          printer.print(event);
        }
      }
      long before = last;
      last = page.path("last").asLong();
      if (last == before && !pause.await(time)) {
        return;
      }
    }
  }

  private Map<String, String> query(int limit) {
    Map<String, String> query = new LinkedHashMap<>();
    put(query, "event", event);
    put(query, "resource", resource);
    put(query, "since", since);
    put(query, "until", until);
    query.put("limit", Integer.toString(limit));
    return query;
  }

  private static void put(Map<String, String> query, String name, @Nullable String value) {
    if (value != null) {
      query.put(name, value);
    }
  }

  private static JsonNode ask(Client client, String path, Map<String, String> query)
      throws ClientException {
    Reply reply = client.get(path, query);
    if (reply.status() == 200) {
      return reply.json();
    }
    List<String> problems = new ArrayList<>();
    for (JsonNode problem : reply.json().path("exception_detail")) {
      problems.add(
          "--" + problem.path("loc").path(1).asString() + ": " + problem.path("msg").asString());
    }
    throw new ClientException(
        problems.isEmpty() ? reply.reason() : String.join(System.lineSeparator(), problems));
  }
}
