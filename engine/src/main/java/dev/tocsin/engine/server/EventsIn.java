package dev.tocsin.engine.server;

import dev.tocsin.config.settings.Settings;
import dev.tocsin.engine.metrics.Metrics;
import dev.tocsin.engine.pipeline.Intake;
import dev.tocsin.engine.pipeline.Intake.Receipt;
import dev.tocsin.triggers.Event;
import dev.tocsin.wire.EncodedEvent;
import dev.tocsin.wire.EventReader;
import dev.tocsin.wire.Place;
import dev.tocsin.wire.Problem;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.server.HttpServerRequest;

/**
 * {@code POST /api/events}: a list or one event, all or nothing; or a stream, each line separately.
 * With {@code dry_run=true} everything is read and answered, and nothing is accepted.
 */
final class EventsIn {

  private static final String DRY_RUN = "dry_run";

  /** Asks for the counts as a body (RFC 7240). */
  private static final String PREFER = "prefer";

  private static final String REPRESENTATION = "return=representation";

  private final Admission real;
  private final EventReader reader;
  private final WholeBody wholeBody;
  private final BodyBudget budget;
  private final NdjsonStream.Environment streams;
  private final InstantSource clock;
  private final int maxEvents;
  private final MediaTypes<BodyReader> bodies =
      new MediaTypes<BodyReader>("application/json", this::list)
          .and("application/x-ndjson", this::stream);

  /** Reads a body of one media type and submits its events. */
  private interface BodyReader {
    Mono<Answer> submit(HttpServerRequest request, BodyBudget.Share share, Admission admission);
  }

  EventsIn(
      Settings settings,
      int maxBodyBytes,
      Intake intake,
      BodyBudget budget,
      InstantSource clock,
      Scheduler bodies,
      Scheduler timer,
      Metrics metrics) {
    this.real = Admission.real(intake, metrics);
    this.reader = EventReader.overNetwork(settings.intake().limits());
    this.wholeBody = new WholeBody(maxBodyBytes, settings.http().bodyTimeout(), bodies, timer);
    this.budget = budget;
    this.clock = clock;
    this.maxEvents = settings.intake().intakeCapacity();
    this.streams =
        new NdjsonStream.Environment(
            reader,
            settings.intake().limits().maxBytes(),
            Math.min(NdjsonStream.MAX_LINES, settings.intake().intakeCapacity()),
            settings.http().bodyTimeout(),
            clock,
            bodies,
            timer);
  }

  List<Route> routes() {
    return List.of(Route.post("/api/events", Scope.SEND, this::post));
  }

  private Mono<Answer> post(Call call) {
    Admission admission = isDryRun(call) ? Admission.DRY : real;
    BodyReader reader = bodies.of(call.request());
    return Mono.using(budget::open, share -> reader.submit(call.request(), share, admission));
  }

  private static boolean isDryRun(Call call) {
    if (call.target().query().isEmpty()) {
      return false;
    }
    Parameters parameters = call.queryAmongOthers(List.of(DRY_RUN));
    boolean dry = parameters.flag(DRY_RUN);
    parameters.check();
    return dry;
  }

  private Mono<Answer> stream(
      HttpServerRequest request, BodyBudget.Share share, Admission admission) {
    boolean gzip = Encoding.of(request) == Encoding.GZIP;
    return NdjsonStream.take(streams, admission, share, request.receive().asByteArray(), gzip);
  }

  private Mono<Answer> list(
      HttpServerRequest request, BodyBudget.Share share, Admission admission) {
    boolean asObject = prefersRepresentation(request);
    return wholeBody.read(request, share).flatMap(body -> offer(body, admission, asObject));
  }

  private Mono<Answer> offer(byte[] body, Admission admission, boolean asObject) {
    return switch (reader.readBatch(body, clock.instant(), maxEvents)) {
      case EventReader.BatchResult.ValidEvents(List<Event> events, List<Problem> warnings) -> {
        IntakeSummary summary = new IntakeSummary();
        summary.warn(0, warnings);
        yield offer(events, admission)
            .doOnNext(receipt -> note(receipt, admission))
            .map(receipt -> answer(receipt, summary, asObject));
      }
      case EventReader.BatchResult.InvalidEvents(List<Problem> problems) -> {
        admission.refused().accept(eventsAtFault(problems));
        yield Mono.just(Validation.ofBody(problems, body));
      }
      case EventReader.BatchResult.TooMany(int max) ->
          Mono.just(
              Answer.detail(
                  413,
                  ("A list may have at most %d events (intake_capacity). Send fewer at once, or a"
                          + " stream as application/x-ndjson.")
                      .formatted(max)));
    };
  }

  private static Mono<Receipt> offer(List<Event> events, Admission admission) {
    return events.isEmpty()
        ? Mono.just(new Receipt.Accepted(0, 0))
        : admission.intake().offer(events.stream().map(EncodedEvent::of).toList());
  }

  /** A full intake makes the engine blind; a request that is refused for its size does not. */
  private static void note(Receipt receipt, Admission admission) {
    if (receipt instanceof Receipt.Overflow) {
      admission.intake().senderRefused();
    }
  }

  private static Answer answer(Receipt receipt, IntakeSummary summary, boolean asObject) {
    return switch (receipt) {
      case Receipt.Accepted accepted -> {
        summary.accept(accepted);
        yield asObject
            ? summary.asObject(200).with("Preference-Applied", REPRESENTATION)
            : summary.asHeaders();
      }
      case Receipt.Overflow overflow -> Answer.tooMany("Intake queue is full; retry after 1 s.");
      case Receipt.Closed closed -> Answer.stopping();
    };
  }

  private static boolean prefersRepresentation(HttpServerRequest request) {
    String prefer = request.requestHeaders().get(PREFER);
    return prefer != null && prefer.toLowerCase(Locale.ROOT).contains(REPRESENTATION);
  }

  private static int eventsAtFault(List<Problem> problems) {
    long indexes =
        problems.stream()
            .map(Problem::place)
            .filter(Place.InJson.class::isInstance)
            .flatMap(place -> ((Place.InJson) place).steps().stream().limit(1))
            .filter(Integer.class::isInstance)
            .distinct()
            .count();
    return (int) Math.max(1, indexes);
  }
}
