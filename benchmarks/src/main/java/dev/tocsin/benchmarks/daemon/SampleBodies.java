package dev.tocsin.benchmarks.daemon;

import dev.tocsin.benchmarks.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The events of the sample as JSON, of this moment, each time with an id that was not used before.
 * A body keeps its length whatever its id.
 */
final class SampleBodies {

  private static final String NO_ID = "00000000-0000-7000-8000-000000000000";
  private static final int DIGITS = 12;

  private final List<byte[]> templates;
  private final List<Integer> ends;
  private final AtomicLong ids;

  private SampleBodies(List<byte[]> templates, List<Integer> ends, AtomicLong ids) {
    this.templates = templates;
    this.ends = ends;
    this.ids = ids;
  }

  /** The sample, with ids from 1 on. */
  static SampleBodies read(Instant now) throws IOException {
    JsonMapper mapper = JsonMapper.builder().build();
    List<byte[]> templates = new ArrayList<>();
    List<Integer> ends = new ArrayList<>();
    for (String line : Sample.lines()) {
      ObjectNode event = (ObjectNode) mapper.readTree(line);
      event.put("occurred", now.toString()).put("id", NO_ID);
      String json = mapper.writeValueAsString(event);
      templates.add(json.getBytes(StandardCharsets.UTF_8));
      String before = json.substring(0, json.lastIndexOf(NO_ID) + NO_ID.length());
      ends.add(before.getBytes(StandardCharsets.UTF_8).length);
    }
    return new SampleBodies(templates, ends, new AtomicLong());
  }

  /** A copy for one thread, which shares the ids. */
  SampleBodies forThread() {
    return new SampleBodies(templates.stream().map(byte[]::clone).toList(), ends, ids);
  }

  /** The next body. It is written anew when the event's turn comes again. */
  byte[] next() {
    long id = ids.incrementAndGet();
    int position = (int) (id % templates.size());
    byte[] body = templates.get(position);
    int end = ends.get(position);
    for (int digit = 1; digit <= DIGITS; digit++) {
      body[end - digit] = (byte) ('0' + id % 10);
      id /= 10;
    }
    return body;
  }
}
