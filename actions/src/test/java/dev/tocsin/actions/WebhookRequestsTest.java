package dev.tocsin.actions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.actions.Action.CallWebhook;
import dev.tocsin.actions.Action.SendNotification;
import dev.tocsin.actions.Action.WebhookTarget;
import dev.tocsin.actions.WebhookRequests.Preparation;
import dev.tocsin.actions.webhook.WebhookRequest;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookRequestsTest {

  private static final String SECRET_URL = "https://hooks.example/services/T0K3N";

  private final WebhookRequests requests =
      new WebhookRequests(
          Samples.settings(
              Samples.webhook("chat", SECRET_URL),
              Samples.webhook("broken", "https://user:T0K3N@hooks.example/")));

  private static CallWebhook inline(
      String url, @Nullable String body, Map<String, String> headers) {
    Map<String, Template> templates = new java.util.LinkedHashMap<>();
    headers.forEach((name, value) -> templates.put(name, Template.parse(value)));
    return new CallWebhook(
        new WebhookTarget.Inline("POST", Template.parse(url), templates),
        body == null ? null : Template.parse(body));
  }

  private static CallWebhook named(String name, @Nullable String body) {
    return new CallWebhook(
        new WebhookTarget.Named(name), body == null ? null : Template.parse(body));
  }

  private WebhookRequest ready(CallWebhook action) {
    Preparation preparation = requests.prepare(Samples.invocation(action), action);
    assertThat(preparation).isInstanceOf(Preparation.Ready.class);
    return ((Preparation.Ready) preparation).request();
  }

  private String refusal(CallWebhook action) {
    Preparation preparation = requests.prepare(Samples.invocation(action), action);
    assertThat(preparation).isInstanceOf(Preparation.Impossible.class);
    return ((Preparation.Impossible) preparation).reason();
  }

  @Test
  void rendersUrlHeadersAndBody() {
    CallWebhook action =
        inline(
            "http://host.example:8080/{{ flow.name | urlencode }}?n={{ event.payload.count }}#here",
            "{\"run\": \"{{ flow_run.id }}\"}",
            Map.of("X-Flow", "{{ flow.name }}"));
    WebhookRequest request = ready(action);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.url()).hasToString("http://host.example:8080/etl?n=3#here");
    assertThat(request.body()).isEqualTo("{\"run\": \"" + Samples.RUN + "\"}");
    assertThat(request.headers())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "X-Flow", "etl",
                "Content-Type", "application/json",
                "User-Agent", "tocsin/0.1.0",
                "Idempotency-Key", Samples.invocation(action).id()));
    assertThat(request.target()).isEqualTo("host.example:8080");
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '¦',
      value = {
        "{\"a\": 1}      ¦ application/json",
        "[1]             ¦ application/json",
        "17              ¦ application/json",
        "plain           ¦ text/plain; charset=utf-8",
        "{\"a\": 1} more ¦ text/plain; charset=utf-8",
        "{\"a\": {{ event.payload.nope }}} ¦ text/plain; charset=utf-8",
      })
  void tellsJsonFromText(String body, String type) {
    assertThat(ready(inline("http://h.example", body, Map.of())).header("content-type"))
        .isEqualTo(type);
  }

  @Test
  void letsAHeaderOverrideItsOwn() {
    WebhookRequest request =
        ready(
            inline("http://h.example", "{}", Map.of("content-type", "text/x", "USER-AGENT", "me")));
    assertThat(request.header("Content-Type")).isEqualTo("text/x");
    assertThat(request.header("User-Agent")).isEqualTo("me");
  }

  @Test
  void sendsADocumentWhereThereIsNoBody() {
    CallWebhook action = inline("http://h.example", null, Map.of());
    assertThat(ready(action).body())
        .isEqualTo(
            """
            {"invocation":"%s",\
            "automation":{"id":"a-1","name":"failed runs","description":"Tells of them.",\
            "tags":["ops"],"posture":"Reactive"},\
            "firing":{"id":"f-1","state":"Triggered","triggered":"2026-11-23T12:00:00Z",\
            "labels":{"prefect.resource.id":"prefect.flow-run.%s"},\
            "reason":"event prefect.flow-run.Failed fits.","event":"e-1"},\
            "event":{"occurred":"2026-11-23T12:00:00Z","event":"prefect.flow-run.Failed",\
            "resource":{"prefect.resource.id":"prefect.flow-run.%s",\
            "prefect.resource.name":"calm-owl","env":"prod"},\
            "related":[{"prefect.resource.id":"prefect.flow.f-1","prefect.resource.role":"flow",\
            "prefect.resource.name":"etl"},{"prefect.resource.id":"prefect.work-pool.w-1",\
            "prefect.resource.role":"work-pool"}],"payload":{"count":3},"id":"e-1",\
            "follows":null,"received":"2026-11-23T12:00:00.250Z"}}\
            """
                .formatted(Samples.invocation(action).id(), Samples.RUN, Samples.RUN));
  }

  @Test
  void takesANamedWebhookAsItStands() {
    WebhookRequest request = ready(named("chat", "hi"));
    assertThat(request.url()).hasToString(SECRET_URL);
    assertThat(request.header("authorization")).isEqualTo("Bearer s3cr3t");
    assertThat(request.toString()).doesNotContain("T0K3N", "s3cr3t", "hooks.example");
  }

  @Test
  void sendsANotification() {
    SendNotification action =
        new SendNotification(
            new WebhookTarget.Named("chat"),
            Template.parse("{{ flow.name }} failed"),
            Template.parse("say \"{{ flow_run.name }}\""));
    Preparation preparation = requests.prepare(Samples.invocation(action), action);
    assertThat(preparation)
        .isInstanceOfSatisfying(
            Preparation.Ready.class,
            ready ->
                assertThat(ready.request().body())
                    .isEqualTo("{\"subject\":\"etl failed\",\"body\":\"say \\\"calm-owl\\\"\"}"));
  }

  @Test
  void listsWhatIsUndefinedInAnyTemplate() {
    CallWebhook action =
        inline(
            "http://h.example/{{ event.payload.x }}",
            "{{ event.payload.y }}{{ event.payload.x }}",
            Map.of("X-A", "{{ labels.z }}"));
    assertThat(requests.prepare(Samples.invocation(action), action))
        .isInstanceOfSatisfying(
            Preparation.Ready.class,
            ready ->
                assertThat(ready.undefined())
                    .containsExactly("event.payload.x", "labels.z", "event.payload.y"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '¦',
      value = {
        "{{ event.payload.nope }}       ¦ the URL is empty",
        "/relative                      ¦ the URL must start with http:// or https://",
        "file:///etc/passwd             ¦ the URL must start with http:// or https://",
        "javascript:alert(1)            ¦ the URL must start with http:// or https://",
        "http://good.example@evil.example/ ¦ the URL must not contain a user or password;"
            + " use a header instead",
        "http://                        ¦ invalid URL at character 8 (RFC 3986)",
        "http:///path                   ¦ the URL has no valid host",
        "http://a b/                    ¦ invalid URL at character 9 (RFC 3986)",
        "http://h.example/{{ '{' }}     ¦ invalid URL at character 18 (RFC 3986)",
        "http://h.example:99999/        ¦ the URL's port must be 1 to 65535",
        "http://h.example/{{ 1 // 0 }}  ¦ template, line 1: division by zero",
        "http://h.example/{% for a in range(100) %}{% for b in range(100) %}x{% endfor %}{% endfor"
            + " %} ¦ the URL must have at most 8,192 characters",
      })
  void refusesAUrlThatCannotBeCalled(String url, String reason) {
    assertThat(refusal(inline(url, "x", Map.of()))).isEqualTo(reason);
  }

  @Test
  void refusesHeadersThatAreNone() {
    assertThat(refusal(inline("http://h.example", "x", Map.of("X-A", "{{ 'a\\r\\nX-Evil: 1' }}"))))
        .isEqualTo("the value of header X-A contains a line break or another control character");
    assertThat(refusal(inline("http://h.example", "x", Map.of("X A", "a"))))
        .isEqualTo("invalid header name 'X A'");
    assertThat(refusal(inline("http://h.example", "x", Map.of("Content-Length", "5"))))
        .isEqualTo("header Content-Length is reserved for the connection");
    assertThat(refusal(inline("http://h.example", "x", Map.of("X-A", "snow ☃"))))
        .isEqualTo("the value of header X-A contains a character beyond ISO 8859-1");
  }

  @Test
  void showsNoSecretOfANamedWebhook() {
    assertThat(refusal(named("broken", "x")))
        .isEqualTo(
            "webhook 'broken': the URL must not contain a user or password; use a header instead");
    assertThat(refusal(named("nobody", "x"))).isEqualTo("unknown webhook 'nobody'");
  }

  @Test
  void encodesWhatIsBeyondAsciiInAUrl() {
    assertThat(WebhookRequest.url("http://h/é?q=ü%20"))
        .isEqualTo(URI.create("http://h/%C3%A9?q=%C3%BC%20"));
  }
}
