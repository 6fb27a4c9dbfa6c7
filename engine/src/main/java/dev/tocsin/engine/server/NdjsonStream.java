package dev.tocsin.engine.server;

import dev.tocsin.engine.pipeline.Intake.Receipt;
import dev.tocsin.engine.server.Gunzip.GzipException;
import dev.tocsin.triggers.Event;
import dev.tocsin.wire.EncodedEvent;
import dev.tocsin.wire.EventReader;
import dev.tocsin.wire.LineSplitter.Line;
import dev.tocsin.wire.Place;
import dev.tocsin.wire.Problem;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * One request whose body is a stream of events, one per line. What has arrived is read into a
 * batch, the batch is offered, and the next one is read when it is durable: so the sender is held
 * to the pace of the store, and at most one batch and a few chunks are in memory. A line that is
 * refused does not affect the others.
 */
final class NdjsonStream {

  /** Maximum lines of one batch. */
  static final int MAX_LINES = 500;

  /** A batch of this many bytes is full. */
  static final int MAX_BATCH_BYTES = 1 << 20;

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

  /** Why a stream ended before its last line. */
  private record EarlyEnd(int status, String text) {}

  private final Environment environment;
  private final Admission admission;
  private final BodyPuller chunks;
  private final BodyLines lines;
  private final BodyBudget.Share share;
  private final IntakeSummary summary = new IntakeSummary();

  private List<EncodedEvent> batch = new ArrayList<>();
  private long batchBytes;
  private boolean ended;
  private @Nullable EarlyEnd earlyEnd;

  private NdjsonStream(
      Environment environment,
      Admission admission,
      BodyBudget.Share share,
      Flux<byte[]> body,
      boolean gzip) {
    this.environment = environment;
    this.share = share;
    this.admission = admission;
    this.chunks = BodyPuller.of(body);
    this.lines = new BodyLines(environment.maxLineBytes(), gzip);
  }

  /**
   * Submits a body; answers when all of it is durable.
   *
   * @param share pays for what is in memory
   */
  static Mono<Answer> take(
      Environment environment,
      Admission admission,
      BodyBudget.Share share,
      Flux<byte[]> body,
      boolean gzip) {
    return Mono.using(
        () -> new NdjsonStream(environment, admission, share, body, gzip),
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

  /** Offers what has arrived, or waits for more. */
  private Mono<Void> step() {
    boolean hasAll = gather();
    pay();
    return batch.isEmpty() && hasAll && !ended ? awaitMore() : offerBatch();
  }

  /** Reads what has arrived, up to the bounds of a batch; returns whether that was all of it. */
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

  /** Events of a batch are there twice: as values and as they will be stored. */
  private void pay() {
    try {
      share.hold(chunks.bytes() + lines.bytes() + 2 * batchBytes);
    } catch (RefusedException exhausted) {
      fail(Answer.TOO_MANY, "too many request bodies at once");
    }
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
    fail(408, "no byte of the body arrived for " + environment.bodyTimeout().toMillis() + " ms");
  }

  private void fail(int status, String text) {
    ended = true;
    earlyEnd = new EarlyEnd(status, text);
  }

  private void take(Line line) {
    if (line.isTooLong()) {
      String message = "An event may have at most " + environment.maxLineBytes() + " bytes";
      refuse(
          line.number(),
          List.of(
              Problem.error(
                  new Place.InJson(List.of()),
                  Problem.VALUE_ERROR,
                  message,
                  null,
                  line.length() + " bytes")));
      return;
    }
    EventReader.Result result =
        environment
            .reader()
            .read(line.bytes(), line.offset(), (int) line.length(), environment.clock().instant());
    switch (result) {
      case EventReader.Result.ValidEvent(Event event, List<Problem> warnings) -> {
        summary.warn(line.number(), warnings);
        batch.add(EncodedEvent.of(event));
        batchBytes += line.length();
      }
      case EventReader.Result.InvalidEvent(List<Problem> found) -> refuse(line.number(), found);
    }
  }

  private void refuse(long line, List<Problem> found) {
    summary.refuse(line, found);
    admission.refused().accept(1);
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
      case Receipt.Accepted taken -> summary.accept(taken);
      case Receipt.Closed closed -> fail(503, "the engine is stopping");
      case Receipt.Overflow overflow -> throw new IllegalStateException("an overflow is retried");
    }
  }

  private Answer summary() {
    EarlyEnd early = earlyEnd;
    if (early == null) {
      return summary.asObject(200);
    }
    String detail =
        "The stream ended early: " + early.text() + ". The counts say what was accepted.";
    Answer answer = summary.asObject(early.status(), detail).closing();
    return early.status() == Answer.TOO_MANY ? answer.with("Retry-After", "1") : answer;
  }
}
