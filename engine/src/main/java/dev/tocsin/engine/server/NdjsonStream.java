package dev.tocsin.engine.server;

import dev.tocsin.engine.pipeline.Intake.Receipt;
import dev.tocsin.engine.server.Gunzip.GzipException;
import dev.tocsin.engine.server.Lines.Line;
import dev.tocsin.triggers.Event;
import dev.tocsin.wire.EncodedEvent;
import dev.tocsin.wire.EventProblem;
import dev.tocsin.wire.EventReader;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.core.JsonGenerator;

/**
 * One request whose body is a stream of events, a line each. What has come is read into a batch,
 * the batch is offered, and only when it is durable the next is read: so the sender is held to the
 * pace of the store, and no more than one batch and a few chunks are in memory. Each line stands
 * for itself.
 */
final class NdjsonStream {

  /** Most lines of one batch. */
  static final int MAX_LINES = 500;

  /** A batch of so many bytes takes no further line. */
  static final int MAX_BATCH_BYTES = 1 << 20;

  /** Problems beyond these are counted only. */
  private static final int MAX_PROBLEMS = 100;

  private static final Duration OVERFLOW_PAUSE = Duration.ofMillis(50);

  /** What all streams share. */
  record Environment(
      EventReader reader,
      int maxLineBytes,
      int maxLines,
      Duration bodyTimeout,
      InstantSource clock,
      Scheduler bodies,
      Scheduler timer) {}

  /** Why a stream ended before its time. */
  private record Fault(int status, String text) {}

  /** What is wrong with a line. */
  private record LineProblem(long line, EventProblem problem) {}

  private final Environment environment;
  private final Admission admission;
  private final BodyPuller chunks;
  private final Lines lines;
  private final List<LineProblem> problems = new ArrayList<>();

  private List<EncodedEvent> batch = new ArrayList<>();
  private long batchBytes;
  private boolean ended;
  private @Nullable Fault fault;
  private long accepted;
  private long duplicates;
  private long refused;

  private NdjsonStream(
      Environment environment, Admission admission, Flux<byte[]> body, boolean gzip) {
    this.environment = environment;
    this.admission = admission;
    this.chunks = BodyPuller.of(body);
    this.lines = new Lines(environment.maxLineBytes(), gzip);
  }

  /** Takes a body in; answers when all of it is durable. */
  static Mono<Answer> take(
      Environment environment, Admission admission, Flux<byte[]> body, boolean gzip) {
    return Mono.using(
        () -> new NdjsonStream(environment, admission, body, gzip),
        NdjsonStream::run,
        NdjsonStream::close);
  }

  private Mono<Answer> run() {
    return Mono.defer(this::step)
        .subscribeOn(environment.bodies())
        .repeat(() -> !ended || !batch.isEmpty())
        .then(Mono.fromCallable(this::summary));
  }

  private void close() {
    chunks.cancel();
    lines.close();
  }

  /** Offers what has come, or waits for more. */
  private Mono<Void> step() {
    boolean hasAll = gather();
    return batch.isEmpty() && hasAll && !ended ? awaitMore() : offerBatch();
  }

  /** Reads what is there, to the bounds of a batch; whether that was all that is there. */
  private boolean gather() {
    int seen = 0;
    try {
      while (seen < environment.maxLines() && batchBytes < MAX_BATCH_BYTES) {
        Line line = lines.next();
        if (line != null) {
          seen++;
          take(line);
          continue;
        }
        byte[] chunk = chunks.poll();
        if (chunk == null) {
          return true;
        }
        lines.feed(chunk);
      }
    } catch (GzipException damaged) {
      fail(400, String.valueOf(damaged.getMessage()));
    }
    return false;
  }

  private Mono<Void> awaitMore() {
    return chunks
        .next()
        .timeout(environment.bodyTimeout(), environment.timer())
        .publishOn(environment.bodies())
        .doOnNext(lines::feed)
        .switchIfEmpty(Mono.fromRunnable(this::endOfBody))
        .onErrorResume(TimeoutException.class, slow -> Mono.fromRunnable(this::tooSlow))
        .then();
  }

  private void endOfBody() {
    ended = true;
    try {
      Line line = lines.last();
      if (line != null) {
        take(line);
      }
    } catch (GzipException damaged) {
      fail(400, String.valueOf(damaged.getMessage()));
    }
  }

  private void tooSlow() {
    fail(408, "no byte of the body came for " + environment.bodyTimeout().toMillis() + " ms");
  }

  private void fail(int status, String text) {
    ended = true;
    fault = new Fault(status, text);
  }

  private void take(Line line) {
    if (line.isTooLong()) {
      String message = "An event has at most " + environment.maxLineBytes() + " bytes";
      refuse(
          line.number(),
          List.of(
              new EventProblem(List.of(), "value_error", message, null, line.length() + " bytes")));
      return;
    }
    EventReader.Result result =
        environment
            .reader()
            .read(line.bytes(), line.offset(), (int) line.length(), environment.clock().instant());
    switch (result) {
      case EventReader.Result.Read(Event event) -> {
        batch.add(EncodedEvent.of(event));
        batchBytes += line.length();
      }
      case EventReader.Result.Refused(List<EventProblem> found) -> refuse(line.number(), found);
    }
  }

  private void refuse(long line, List<EventProblem> found) {
    refused++;
    admission.refused().accept(1);
    for (EventProblem problem : found) {
      if (problems.size() < MAX_PROBLEMS) {
        problems.add(new LineProblem(line, problem));
      }
    }
  }

  private Mono<Void> offerBatch() {
    List<EncodedEvent> events = batch;
    batch = new ArrayList<>();
    batchBytes = 0;
    if (events.isEmpty()) {
      return Mono.empty();
    }
    return Mono.defer(() -> admission.intake().offer(events))
        .publishOn(environment.bodies())
        .filter(receipt -> !(receipt instanceof Receipt.Overflow))
        .repeatWhenEmpty(
            tries -> tries.concatMap(i -> Mono.delay(OVERFLOW_PAUSE, environment.timer())))
        .doOnNext(this::note)
        .then();
  }

  private void note(Receipt receipt) {
    switch (receipt) {
      case Receipt.Accepted(int fresh, int known) -> {
        accepted += fresh;
        duplicates += known;
      }
      case Receipt.Closed closed -> fail(503, "the engine is stopping");
      case Receipt.Overflow overflow ->
          throw new IllegalStateException("an overflow is tried again");
    }
  }

  private Answer summary() {
    Fault early = fault;
    Answer answer = Answer.object(early == null ? 200 : early.status(), this::writeSummary);
    return early == null ? answer : answer.closing();
  }

  private void writeSummary(JsonGenerator json) {
    if (fault != null) {
      json.writeStringProperty(
          "detail", "The stream ended early: " + fault.text() + ". The counts say what was taken.");
    }
    json.writeNumberProperty("accepted", accepted);
    json.writeNumberProperty("duplicates", duplicates);
    json.writeNumberProperty("refused", refused);
    json.writeArrayPropertyStart("problems");
    problems.forEach(problem -> write(problem, json));
    json.writeEndArray();
  }

  private static void write(LineProblem problem, JsonGenerator json) {
    json.writeStartObject();
    json.writeNumberProperty("line", problem.line());
    json.writeArrayPropertyStart("loc");
    Validation.writeSteps(problem.problem().loc(), json);
    json.writeEndArray();
    json.writeStringProperty("type", problem.problem().type());
    json.writeStringProperty("msg", Validation.sentence(problem.problem()));
    json.writeStringProperty("path", problem.problem().path());
    json.writeEndObject();
  }
}
