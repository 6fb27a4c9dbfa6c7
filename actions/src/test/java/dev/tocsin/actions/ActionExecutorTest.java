package dev.tocsin.actions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.actions.ActionOutcome.Effect;
import dev.tocsin.actions.ActionOutcome.Executed;
import dev.tocsin.actions.ActionOutcome.Failed;
import dev.tocsin.actions.webhook.Redaction;
import dev.tocsin.actions.webhook.WebhookAnswer;
import dev.tocsin.actions.webhook.WebhookClient;
import dev.tocsin.actions.webhook.WebhookRequest;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Payload;
import dev.tocsin.triggers.RelatedResource;
import dev.tocsin.triggers.Resource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.node.JsonNodeFactory;

class ActionExecutorTest {

  private static final int MAX_RESPONSE_BYTES = 10_000;

  private final Scheduler threads = Schedulers.newParallel("test", 2);
  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final WebhookClient client =
      new WebhookClient(Duration.ofSeconds(15), MAX_RESPONSE_BYTES, time);

  @AfterEach
  void close() {
    StepVerifier.create(client.close()).verifyComplete();
    threads.dispose();
    time.dispose();
  }

  private ActionExecutor executor(boolean strict, Webhook... webhooks) {
    ActionSettings settings = Samples.settings(strict, webhooks);
    return new ActionExecutor(
        new ActionSettings(
            settings.namespace(),
            settings.webhooks(),
            Duration.ofSeconds(15),
            MAX_RESPONSE_BYTES,
            strict,
            settings.uiUrl(),
            settings.userAgent()),
        client,
        () -> Samples.NOON,
        id -> id.equals("a-2"));
  }

  private static ActionOutcome outcome(ActionExecutor executor, Invocation invocation) {
    AtomicReference<@Nullable ActionOutcome> outcome = new AtomicReference<>();
    StepVerifier.create(executor.carryOut(executor.prepare(invocation)))
        .consumeNextWith(outcome::set)
        .verifyComplete();
    return Objects.requireNonNull(outcome.get());
  }

  private ActionOutcome outcome(Action action) {
    return outcome(executor(false), Samples.invocation(action));
  }

  private static Action.CallWebhook call(String url, String body) {
    return new Action.CallWebhook(
        new Action.WebhookTarget.Inline("POST", Template.parse(url), Map.of()),
        Template.parse(body));
  }

  private ActionOutcome call(HostileServer server) {
    return outcome(call(server.url(), "{\"run\":\"{{ flow_run.id }}\"}"));
  }

  private static String reason(ActionOutcome outcome) {
    assertThat(outcome).isInstanceOf(Failed.class);
    return ((Failed) outcome).reason();
  }

  private static String answer(String status, String headers, String body) {
    return "HTTP/1.1 "
        + status
        + "\r\n"
        + headers
        + "Content-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  @Test
  void callsAWebhookOverOneConnection() throws IOException {
    String headers =
        "Content-Type: application/json\r\nSet-Cookie: id=s3cr3t\r\nX-Auth-Token: s3cr3t\r\n";
    try (HostileServer server =
        new HostileServer(exchange -> exchange.send(answer("200 OK", headers, "{\"ok\":true}")))) {
      assertThat(call(server))
          .isInstanceOfSatisfying(
              Executed.class,
              executed -> {
                assertThat(executed.effects()).isEmpty();
                assertThat(executed.report().statusCode()).isEqualTo(200);
                assertThat(executed.report().responseBody()).isEqualTo("{\"ok\":true}");
                assertThat(executed.report().attempts()).isEqualTo(1);
                assertThat(executed.report().responseHeaders())
                    .containsEntry("content-type", "application/json")
                    .containsEntry("set-cookie", "********")
                    .containsEntry("x-auth-token", "********");
              });
      call(server);
      assertThat(server.connections()).isEqualTo(1);
      assertThat(server.requests()).hasSize(2);
      assertThat(server.requests().getFirst())
          .startsWith("POST /hook HTTP/1.1\r\n")
          .containsIgnoringCase("content-type: application/json\r\n")
          .containsIgnoringCase("user-agent: tocsin/0.1.0\r\n")
          .containsIgnoringCase("idempotency-key: ")
          .endsWith("\r\n\r\n{\"run\":\"" + Samples.RUN + "\"}");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "204 No Content            | executed",
        "299 Whatever              | executed",
        "500 Internal Server Error | answered 500 Internal Server Error",
        "404 Not Found             | answered 404 Not Found",
        "429 Too Many Requests     | answered 429 Too Many Requests",
        "301 Moved Permanently     | answered 301 Moved Permanently; redirects are not followed",
        "307 Temporary Redirect    | answered 307 Temporary Redirect; redirects are not followed",
      })
  void judgesByTheStatus(String status, String expected) throws IOException {
    AtomicReference<String> location = new AtomicReference<>("");
    try (HostileServer server =
        new HostileServer(
            exchange ->
                exchange.send(
                    "HTTP/1.1 "
                        + status
                        + "\r\nLocation: "
                        + location.get()
                        + "\r\n"
                        + (status.startsWith("204") ? "" : "Content-Length: 0\r\n")
                        + "\r\n"))) {
      location.set(server.url() + "/elsewhere");
      ActionOutcome outcome = call(server);
      assertThat(outcome instanceof Executed ? "executed" : reason(outcome)).isEqualTo(expected);
      assertThat(outcome.report().statusCode()).isEqualTo(Integer.parseInt(status.substring(0, 3)));
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void tellsOnlyTheBeginningOfABody() throws IOException {
    try (HostileServer server =
        new HostileServer(exchange -> exchange.send(answer("200 OK", "", "x".repeat(9_000))))) {
      assertThat(call(server).report().responseBody()).isEqualTo("x".repeat(1_000));
    }
  }

  @Test
  void stopsReadingABodyWithoutEnd() throws Exception {
    long all = 100_000_000;
    byte[] chunk = new byte[100_000];
    try (HostileServer server =
        new HostileServer(
            exchange -> {
              exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + all + "\r\n\r\n");
              for (long sent = 0; sent < all; sent += chunk.length) {
                exchange.send(chunk);
              }
              return true;
            })) {
      assertThat(reason(call(server)))
          .isEqualTo("answered 200 OK with a body of more than 10000 bytes");
      server.awaitClientGone();
      assertThat(server.bytesSent()).isLessThan(all / 2);
    }
  }

  @Test
  void givesUpOnAServerThatHangs() throws Exception {
    assertGivesUp(HostileServer.Exchange::hang);
  }

  @Test
  void givesUpOnAnAnswerThatDrips() throws Exception {
    assertGivesUp(
        exchange -> {
          exchange.send("HTTP/1.1 200 OK\r\nX-Slow: ");
          return exchange.hang();
        });
    assertGivesUp(
        exchange -> {
          exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
          return exchange.hang();
        });
  }

  /** The time is virtual: it passes once the server has seen the request. */
  private void assertGivesUp(HostileServer.Manner manner) throws Exception {
    try (HostileServer server =
        new HostileServer(
            exchange -> {
              threads.schedule(() -> time.advanceTimeBy(Duration.ofSeconds(15)));
              return manner.answer(exchange);
            })) {
      assertThat(reason(call(server))).isEqualTo("no answer within 15 s");
      server.awaitClientGone();
    }
  }

  @Test
  void saysThatTheConnectionWasClosed() throws IOException {
    try (HostileServer server = new HostileServer(exchange -> false)) {
      assertThat(reason(call(server)))
          .isEqualTo("connection closed by " + server.authority() + " before it answered");
    }
    try (HostileServer server =
        new HostileServer(
            exchange -> !exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"))) {
      assertThat(reason(call(server)))
          .isEqualTo(
              "connection closed by " + server.authority() + " before its answer was complete");
    }
  }

  @Test
  void saysThatTheConnectionWasReset() throws IOException {
    try (HostileServer server = new HostileServer(HostileServer.Exchange::reset)) {
      assertThat(reason(call(server)))
          .matches("connection (reset|closed) by " + server.authority() + ".*");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"SSH-2.0-OpenSSH_9.6\r\n\r\n", "\0\1\2\3\r\n\r\n", "{\"ok\":true}\r\n\r\n"})
  void saysThatItIsNotHttp(String garbage) throws IOException {
    try (HostileServer server = new HostileServer(exchange -> !exchange.send(garbage))) {
      assertThat(reason(call(server))).isEqualTo(server.authority() + " did not answer with HTTP");
    }
  }

  @Test
  void boundsTheHeadOfAnAnswer() throws IOException {
    String headers = "X-Long: " + "x".repeat(70_000) + "\r\n";
    try (HostileServer server =
        new HostileServer(exchange -> exchange.send(answer("200 OK", headers, "")))) {
      assertThat(reason(call(server))).isEqualTo(server.authority() + " did not answer with HTTP");
    }
  }

  @Test
  void saysThatTheConnectionIsRefused() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    assertThat(reason(outcome(call("http://127.0.0.1:" + port + "/", "x"))))
        .isEqualTo("connection refused by 127.0.0.1:" + port);
  }

  @Test
  void saysThatItDoesNotSpeakTls() throws IOException {
    try (HostileServer server =
        new HostileServer("HTTP/1.1 400 Bad Request\r\n\r\n", exchange -> false)) {
      assertThat(reason(outcome(call("https://" + server.authority() + "/", "x"))))
          .isEqualTo(server.authority() + " does not speak TLS");
    }
  }

  @Test
  void namesAWebhookAndNotItsAddress() throws IOException {
    try (HostileServer server = new HostileServer(exchange -> false)) {
      Webhook webhook = Samples.webhook("chat", server.url() + "?token=s3cr3t");
      Action action =
          new Action.CallWebhook(new Action.WebhookTarget.Named("chat"), Template.parse("hi"));
      ActionOutcome outcome = outcome(executor(false, webhook), Samples.invocation(action));
      assertThat(reason(outcome))
          .isEqualTo("connection closed by webhook 'chat' before it answered");
      assertThat(server.requests().getFirst())
          .startsWith("POST /hook?token=s3cr3t HTTP/1.1")
          .containsIgnoringCase("authorization: Bearer s3cr3t\r\n");
      assertThat(outcome.toString()).doesNotContain("s3cr3t", server.authority());
    }
  }

  private static Webhook secretive(String url) {
    return new Webhook(
        "chat",
        new Secret(url + "/hunter2%2FURL?key=hunter2-query"),
        "POST",
        Map.of(
            "Authorization", new Secret("Bearer hunter2\"HEADER"),
            "X-Api-Key", new Secret("hunter2plain")),
        null,
        List.of(
            new Secret("hunter2%2FURL"),
            new Secret("hunter2-query"),
            new Secret("hunter2\"HEADER")));
  }

  private void assertHides(String head, String body) throws IOException {
    try (HostileServer server =
        new HostileServer(
            exchange ->
                exchange.send(
                    "HTTP/1.1 " + head + "Content-Length: " + body.length() + "\r\n\r\n" + body))) {
      Invocation invocation =
          Samples.invocation(
              new Action.CallWebhook(new Action.WebhookTarget.Named("chat"), Template.parse("hi")));
      ActionOutcome outcome = outcome(executor(false, secretive(server.url())), invocation);
      Event event = new ActionEvents("tocsin").completed(invocation, outcome, Samples.NOON);
      assertThat(outcome.report().statusCode()).isNotNull();
      assertThat(OutcomeJson.write(outcome))
          .contains("********")
          .doesNotContainIgnoringCase("hunt");
      assertThat(new String(event.payload().json(), StandardCharsets.UTF_8))
          .contains("********")
          .doesNotContainIgnoringCase("hunt");
    }
  }

  @Test
  void hidesItsSecretsInWhatIsAnswered() throws IOException {
    String echo =
        "POST /hook/hunter2%2FURL?key=hunter2-query authorization: Bearer hunter2\"HEADER;"
            + " x-api-key: hunter2plain; {\"a\": \"hunter2\\\"HEADER\"} hunter2\\/url"
            + " HUNTER2-query";
    assertHides("200 OK\r\n", echo);
    assertHides("500 Oops hunter2-query\r\nX-Echo: " + echo + "\r\n", "x");
    assertHides("302 Found\r\nLocation: /hook/hunter2/URL\r\nX-hunter2plain: 1\r\n", "");
    assertHides("200 OK\r\nX-Echo: " + "x".repeat(495) + "hunter2plain\r\n", "hunter2plain");
  }

  @Test
  void hidesASecretThatIsCutOff() throws IOException {
    assertHides("200 OK\r\n", "x".repeat(990) + "hunter2-query and more");
    try (HostileServer server =
        new HostileServer(exchange -> exchange.send(answer("200 OK", "", "a hunter2-query")))) {
      WebhookClient brief = new WebhookClient(Duration.ofSeconds(15), 10, time);
      URI url = URI.create(server.url());
      Redaction redaction = Redaction.of(List.of("hunter2-query"));
      StepVerifier.create(
              brief.call(new WebhookRequest("chat", "POST", url, Map.of(), "", redaction)))
          .expectNextMatches(
              answer ->
                  answer instanceof WebhookAnswer.Answered cut && cut.body().equals("a ********"))
          .verifyComplete();
      StepVerifier.create(brief.close()).verifyComplete();
    }
  }

  @Test
  void sendsANotification() throws IOException {
    try (HostileServer server =
        new HostileServer(exchange -> exchange.send(answer("200 OK", "", "")))) {
      Action action =
          new Action.SendNotification(
              new Action.WebhookTarget.Named("chat"), Template.parse("s"), Template.parse("b"));
      assertThat(
              outcome(
                  executor(false, Samples.webhook("chat", server.url())),
                  Samples.invocation(action)))
          .isInstanceOf(Executed.class);
      assertThat(server.requests().getFirst()).endsWith("{\"subject\":\"s\",\"body\":\"b\"}");
    }
  }

  @Test
  void failsOnWhatIsUndefinedOnlyWhenStrict() throws IOException {
    try (HostileServer server =
        new HostileServer(exchange -> exchange.send(answer("200 OK", "", "")))) {
      Invocation invocation =
          Samples.invocation(call(server.url(), "{{ event.payload.nope }}{{ labels.x }}"));
      ActionOutcome lenient = outcome(executor(false), invocation);
      assertThat(lenient).isInstanceOf(Executed.class);
      assertThat(lenient.report().undefined()).containsExactly("event.payload.nope", "labels.x");
      ActionOutcome strict = outcome(executor(true), invocation);
      assertThat(reason(strict)).isEqualTo("undefined in a template: event.payload.nope, labels.x");
      assertThat(strict.report().undefined()).containsExactly("event.payload.nope", "labels.x");
      assertThat(server.requests()).hasSize(1);
    }
  }

  /** A template that renders to a text ten thousand times. */
  private static String tenThousand(String text) {
    return "{% for a in range(100) %}{% for b in range(100) %}" + text + "{% endfor %}{% endfor %}";
  }

  @Test
  void failsOnATemplateThatGoesBeyondItsBounds() {
    assertThat(reason(outcome(call("http://127.0.0.1:1/", tenThousand("x".repeat(101))))))
        .isEqualTo("template, line 1: the text exceeds 1,000,000 characters");
  }

  @Test
  void survivesAPayloadThatIsNone() {
    Invocation invocation =
        Samples.invocation(
            call("http://127.0.0.1:1/", "{{ event.payload.x }}"), Samples.event("broken"));
    assertThat(reason(outcome(executor(false), invocation)))
        .startsWith("template, line 1: event.payload cannot be read: ");
  }

  private static Action.EmitEvent emit(String name, Map<String, String> resource) {
    Map<String, Template> labels = new LinkedHashMap<>();
    resource.forEach((label, value) -> labels.put(label, Template.parse(value)));
    JsonTemplate payload =
        new JsonTemplate.ObjectTemplate(
            Map.of(
                "list",
                new JsonTemplate.ArrayTemplate(
                    List.of(
                        new JsonTemplate.StringTemplate(
                            Template.parse("{{ event.payload.count }}")),
                        new JsonTemplate.Literal(JsonNodeFactory.instance.numberNode(7))))));
    return new Action.EmitEvent(
        Template.parse(name),
        labels,
        List.of(
            Map.of(
                Resource.ID, Template.parse("{{ event.resource.id }}"),
                RelatedResource.ROLE, Template.parse("cause"))),
        payload);
  }

  @Test
  void emitsAnEvent() {
    Action action = emit("acme.{{ flow.name }}.failed", Map.of(Resource.ID, "acme.{{ flow.id }}"));
    ActionOutcome first = outcome(action);
    assertThat(first)
        .isInstanceOfSatisfying(
            Executed.class,
            executed -> {
              Event event = ((Effect.Emit) executed.effects().getFirst()).event();
              assertThat(event.name()).isEqualTo("acme.etl.failed");
              assertThat(event.occurred()).isEqualTo(Samples.NOON);
              assertThat(event.resource()).isEqualTo(Resource.of(Resource.ID, "acme.f-1"));
              assertThat(event.related().getFirst().id())
                  .isEqualTo("prefect.flow-run." + Samples.RUN);
              assertThat(event.payload()).isEqualTo(Payload.ofJson("{\"list\":[\"3\",7]}"));
              assertThat(event.follows()).isNull();
              assertThat(event.causation()).isEqualTo(Samples.firing().causation());
            });
    assertThat(outcome(action)).as("the same id again").isEqualTo(first);
  }

  @Test
  void saysWhyAnEventIsNotValid() {
    assertThat(reason(outcome(emit("x", Map.of("a", "b")))))
        .isEqualTo("invalid event: label prefect.resource.id is required and must not be empty");
    assertThat(reason(outcome(emit("x", Map.of(Resource.ID, "{{ event.payload.nope }}")))))
        .isEqualTo("invalid event: label prefect.resource.id is required and must not be empty");
    assertThat(reason(outcome(emit(tenThousand("x"), Map.of(Resource.ID, "a")))))
        .isEqualTo("invalid event: event must have 1 to 1024 characters, not 10000");
    assertThat(reason(outcome(emit("x", Map.of(Resource.ID, "{{ 1 // 0 }}")))))
        .isEqualTo("template, line 1: division by zero");
    assertThat(
            reason(
                outcome(
                    emit(
                        "x",
                        Map.of(
                            Resource.ID,
                            "a",
                            "b",
                            tenThousand("x".repeat(90)),
                            "c",
                            tenThousand("x".repeat(90)))))))
        .startsWith("invalid event: $  Event has 1800344 bytes; at most 1500000 bytes an event");
  }

  @Test
  void pausesAndResumes() {
    Action.AutomationTarget known = new Action.AutomationTarget.Selected("a-2");
    assertThat(outcome(new Action.PauseAutomation(known)))
        .isEqualTo(
            new Executed(
                ActionOutcome.AttemptReport.NONE, List.of(new Effect.SetPaused("a-2", true))));
    assertThat(outcome(new Action.ResumeAutomation(known)))
        .isEqualTo(
            new Executed(
                ActionOutcome.AttemptReport.NONE, List.of(new Effect.SetPaused("a-2", false))));
    assertThat(
            reason(
                outcome(new Action.PauseAutomation(new Action.AutomationTarget.Selected("a-9")))))
        .isEqualTo("unknown automation a-9");
  }

  @ParameterizedTest(name = "{0} with {1} names {2}")
  @CsvSource(
      nullValues = "-",
      value = {
        "prefect-cloud.automation.a-2,          -,                              a-2",
        "prefect-cloud.automation.a-2.action.0, -,                              a-2",
        "prefect.automation.a-2,                -,                              a-2",
        "acme.order.1,                          prefect-cloud.automation.a-2,   a-2",
        "acme.order.1,                          prefect.automation.a-2,         a-2",
        "prefect-cloud.automation.a-2,          prefect-cloud.automation.a-9,   a-2",
        "acme.order.1,                          acme.automation.a-2,            -",
        "prefect-cloud.automation.,             -,                              -",
        "acme.order.1,                          -,                              -",
      })
  void infersTheAutomationFromTheEvent(
      String primary, @Nullable String related, @Nullable String expected) {
    Event event =
        new Event(
            "e-1",
            Samples.NOON,
            "x",
            Resource.of(Resource.ID, primary),
            related == null
                ? List.of()
                : List.of(
                    RelatedResource.of(Resource.ID, related, RelatedResource.ROLE, "automation")),
            Payload.EMPTY,
            null,
            Samples.NOON,
            null);
    Action action = new Action.PauseAutomation(new Action.AutomationTarget.Inferred());
    ActionOutcome outcome = outcome(executor(false), Samples.invocation(action, event));
    assertThat(
            outcome instanceof Executed executed ? executed.effects().toString() : reason(outcome))
        .isEqualTo(
            expected == null
                ? "the triggering event names no automation"
                : List.of(new Effect.SetPaused(expected, true)).toString());
  }

  @Test
  void infersNothingWithoutAnEvent() {
    Action action = new Action.PauseAutomation(new Action.AutomationTarget.Inferred());
    assertThat(reason(outcome(executor(false), Samples.invocation(action, null))))
        .isEqualTo("the triggering event names no automation");
  }

  @Test
  void tellsOfAnErrorThatNobodyForesaw() {
    ActionExecutor broken =
        new ActionExecutor(
            Samples.settings(),
            client,
            () -> Samples.NOON,
            id -> {
              throw new IllegalStateException("registry is gone");
            });
    Action action = new Action.PauseAutomation(new Action.AutomationTarget.Selected("a-2"));
    assertThat(reason(outcome(broken, Samples.invocation(action))))
        .isEqualTo("unexpected error IllegalStateException");
  }

  @Test
  void doesNothing() {
    assertThat(outcome(new Action.DoNothing()))
        .isEqualTo(new Executed(ActionOutcome.AttemptReport.NONE, List.of()));
  }
}
