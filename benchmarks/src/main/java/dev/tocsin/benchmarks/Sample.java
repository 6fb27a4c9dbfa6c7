package dev.tocsin.benchmarks;

import dev.tocsin.triggers.Event;
import dev.tocsin.wire.EventReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The recorded events that everything is measured with: {@code examples/quickstart/events.ndjson}.
 */
public final class Sample {

  private static final String FILE = "examples/quickstart/events.ndjson";

  private Sample() {}

  /** Its lines, each an event as JSON. Looks below {@code TOCSIN_HOME}, or where it is run. */
  public static List<String> lines() throws IOException {
    String home = System.getenv("TOCSIN_HOME");
    return Files.readAllLines(Path.of(home == null ? "" : home).resolve(FILE));
  }

  /** Its events. */
  public static List<Event> events() throws IOException {
    EventReader reader = EventReader.recorded();
    List<Event> events = new ArrayList<>();
    for (String line : lines()) {
      byte[] json = line.getBytes(StandardCharsets.UTF_8);
      switch (reader.read(json, 0, json.length, Instant.EPOCH)) {
        case EventReader.Result.ValidEvent(Event event, _) -> events.add(event);
        case EventReader.Result.InvalidEvent(var problems) ->
            throw new IOException(FILE + ": " + problems);
      }
    }
    return events;
  }
}
