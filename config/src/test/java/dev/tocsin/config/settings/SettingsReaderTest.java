package dev.tocsin.config.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.actions.Secret;
import dev.tocsin.actions.Webhook;
import dev.tocsin.config.AutomationFiles;
import dev.tocsin.triggers.EventLimits;
import dev.tocsin.triggers.runtime.RuntimeSettings;
import dev.tocsin.wire.Place;
import dev.tocsin.wire.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings from flags, environment, file and defaults. */
final class SettingsReaderTest {

  @TempDir Path folder;

  private Path file(String yaml) throws IOException {
    return Files.writeString(folder.resolve("tocsin.yaml"), yaml);
  }

  private static List<String> problems(EffectiveSettings effective) {
    return effective.problems().stream().map(Problem::toString).toList();
  }

  @Test
  void withoutAnythingTheDefaultsHold() {
    EffectiveSettings effective = SettingsReader.read(null, Map.of(), Map.of());

    assertThat(effective.problems()).isEmpty();
    assertThat(effective.settings())
        .isEqualTo(
            new Settings(
                new EngineSettings(
                    List.of(),
                    false,
                    "prefect-cloud",
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10)),
                new HttpSettings(
                    new ListenAddress("127.0.0.1", 4280),
                    List.of(),
                    32_000_000,
                    10_000,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(60)),
                new IntakeSettings(500, 100, 1_500_000, Duration.ofHours(1), 65_536, 2_000),
                new StoreSettings(Path.of("./tocsin-data"), null, null, 100_000),
                new EvaluationSettings(
                    Duration.ofMinutes(15), Duration.ofSeconds(10), Duration.ofHours(1), 20),
                new DeliverySettings(
                    Map.of(), Duration.ofSeconds(15), 65_536, 1_024, 32, false, null)));
    assertThat(effective.settings().intake().limits()).isEqualTo(EventLimits.DEFAULT);
    assertThat(effective.entries())
        .hasSameSizeAs(Setting.values())
        .allMatch(entry -> entry.origin().equals("default"));
  }

  @Test
  void whatDecidesWhatFiresIsMadeInOnePlace() {
    Map<String, List<String>> flags =
        Map.of(
            "lapse", List.of("1m"),
            "max_causal_depth", List.of("3"),
            "follows_patience", List.of("2s"),
            "follows_memory", List.of("5m"));

    assertThat(SettingsReader.read(null, Map.of(), Map.of()).settings().evaluation().runtime())
        .isEqualTo(RuntimeSettings.DEFAULT);
    assertThat(SettingsReader.read(null, Map.of(), flags).settings().evaluation().runtime())
        .isEqualTo(
            new RuntimeSettings(
                Duration.ofMinutes(1), 3, Duration.ofSeconds(2), Duration.ofMinutes(5), 1_000_000));
  }

  @Test
  void aTimeToFollowHasBounds() {
    Map<String, List<String>> flags =
        Map.of("follows_patience", List.of("61m"), "follows_memory", List.of("31d"));

    assertThat(problems(SettingsReader.read(null, Map.of(), flags)))
        .containsExactlyInAnyOrder(
            "--set follows_patience  must be a duration from 0s to 1h, not '61m'",
            "--set follows_memory  must be a duration from 0s to 30d, not '31d'");
  }

  @Test
  void aFlagBeatsTheEnvironmentBeatsTheFile() throws IOException {
    Path file = file("listen: 127.0.0.1:1\nlapse: 1m\nmax_batch: 10\n");
    Map<String, String> environment =
        Map.of("TOCSIN_LISTEN", "127.0.0.1:2", "TOCSIN_LAPSE", "2m", "HOME", "/root");
    Map<String, List<String>> flags = Map.of("listen", List.of("[::1]:3"));

    EffectiveSettings effective = SettingsReader.read(file, environment, flags);

    assertThat(effective.problems()).isEmpty();
    assertThat(effective.settings().http().listen()).isEqualTo(new ListenAddress("::1", 3));
    assertThat(effective.settings().evaluation().lapse()).isEqualTo(Duration.ofMinutes(2));
    assertThat(effective.settings().intake().maxBatch()).isEqualTo(10);
    assertThat(effective.entry(Setting.LISTEN))
        .isEqualTo(new EffectiveSettings.Entry(Setting.LISTEN, "[::1]:3", "--set listen"));
    assertThat(effective.entry(Setting.LAPSE))
        .isEqualTo(new EffectiveSettings.Entry(Setting.LAPSE, "2m", "TOCSIN_LAPSE"));
    assertThat(effective.entry(Setting.MAX_BATCH))
        .isEqualTo(new EffectiveSettings.Entry(Setting.MAX_BATCH, "10", file + ":3:12"));
  }

  @Test
  void everySettingCanBeSetByItsVariable() {
    Map<String, String> environment =
        Map.ofEntries(
            Map.entry("TOCSIN_LISTEN", "0.0.0.0:0"),
            Map.entry("TOCSIN_DATA", "d"),
            Map.entry("TOCSIN_RETENTION_AGE", "7d"),
            Map.entry("TOCSIN_RETENTION_SIZE", "1.5GB"),
            Map.entry("TOCSIN_AUTOMATIONS", "a, b.yaml"),
            Map.entry("TOCSIN_WATCH", "true"),
            Map.entry("TOCSIN_NAMESPACE", "acme.tocsin"),
            Map.entry("TOCSIN_MAX_LABELS", "2"),
            Map.entry("TOCSIN_MAX_RELATED", "0"),
            Map.entry("TOCSIN_MAX_EVENT_BYTES", "1000"),
            Map.entry("TOCSIN_MAX_FUTURE", "0"),
            Map.entry("TOCSIN_LAPSE", "PT1S"),
            Map.entry("TOCSIN_FOLLOWS_PATIENCE", "0"),
            Map.entry("TOCSIN_FOLLOWS_MEMORY", "30d"),
            Map.entry("TOCSIN_MAX_CAUSAL_DEPTH", "1"),
            Map.entry("TOCSIN_STARTUP_GRACE", "0"),
            Map.entry("TOCSIN_INTAKE_CAPACITY", "2"),
            Map.entry("TOCSIN_MAX_BATCH", "3"),
            Map.entry("TOCSIN_CHECKPOINT_EVERY", "5"),
            Map.entry("TOCSIN_MAX_BODY_BYTES", "1000"),
            Map.entry("TOCSIN_MAX_CONNECTIONS", "4"),
            Map.entry("TOCSIN_BODY_TIMEOUT", "5ms"),
            Map.entry("TOCSIN_QUERY_TIMEOUT", "7ms"),
            Map.entry("TOCSIN_IDLE_TIMEOUT", "6s"),
            Map.entry("TOCSIN_SHUTDOWN_TIMEOUT", "7"),
            Map.entry("TOCSIN_WEBHOOK_TIMEOUT", "8m"),
            Map.entry("TOCSIN_MAX_RESPONSE_BYTES", "0"),
            Map.entry("TOCSIN_HOSTS", "tocsin,tocsin.ops.svc"),
            Map.entry("TOCSIN_MAX_DESTINATIONS", "9"),
            Map.entry("TOCSIN_DESTINATION_WINDOW", "10"),
            Map.entry("TOCSIN_STRICT_TEMPLATES", "true"),
            Map.entry("TOCSIN_UI_URL", "https://prefect.example.org"),
            Map.entry("TOCSIN_WEBHOOKS", "{ops: {url: 'http://x/${env:TOCSIN_TOKEN}'}}"),
            Map.entry("TOCSIN_TOKEN", "hunter2"));

    EffectiveSettings effective = SettingsReader.read(null, environment, Map.of());

    assertThat(problems(effective)).isEmpty();
    assertThat(effective.entries())
        .allMatch(entry -> entry.origin().equals(entry.setting().variable()));
    assertThat(effective.settings().store())
        .isEqualTo(new StoreSettings(Path.of("d"), Duration.ofDays(7), 1_500_000_000L, 5));
    assertThat(effective.settings().engine().automations())
        .containsExactly(Path.of("a"), Path.of("b.yaml"));
    assertThat(effective.settings().http().hosts()).containsExactly("tocsin", "tocsin.ops.svc");
    assertThat(effective.settings().intake().limits())
        .isEqualTo(new EventLimits(2, 0, 1_000, Duration.ZERO));
    assertThat(effective.settings().delivery().webhooks())
        .containsExactly(
            Map.entry(
                "ops",
                new Webhook(
                    "ops",
                    new Secret("http://x/hunter2"),
                    "POST",
                    Map.of(),
                    null,
                    List.of(new Secret("hunter2")))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://tocsin", "tocsin:443", "*.example.com", "a..b", "-a", "a b", "", "[::1]"})
  void aHostIsANameOnly(String host) throws IOException {
    Path file = file("hosts: ['" + host + "']\n");

    assertThat(problems(SettingsReader.read(file, Map.of(), Map.of())))
        .singleElement()
        .asString()
        .contains("must be a host name without scheme, port or wildcard");
  }

  @Test
  void pathsOfTheFileAreRelativeToIt() throws IOException {
    Path file = file("data: store\nautomations: [a, /b]\n");

    Settings fromFile = SettingsReader.read(file, Map.of(), Map.of()).settings();
    Settings fromFlags =
        SettingsReader.read(
                file, Map.of("TOCSIN_DATA", "d"), Map.of("automations", List.of("x,y", "z")))
            .settings();

    assertThat(fromFile.store().data()).isEqualTo(folder.resolve("store"));
    assertThat(fromFile.engine().automations()).containsExactly(folder.resolve("a"), Path.of("/b"));
    assertThat(fromFlags.store().data()).isEqualTo(Path.of("d"));
    assertThat(fromFlags.engine().automations()).containsExactly(Path.of("x,y"), Path.of("z"));
  }

  @Test
  void theFileMayBeNamedByItsVariable() throws IOException {
    Path file = file("max_batch: 7\n");

    EffectiveSettings effective =
        SettingsReader.read(null, Map.of("TOCSIN_CONFIG", file.toString()), Map.of());

    assertThat(effective.problems()).isEmpty();
    assertThat(effective.settings().intake().maxBatch()).isEqualTo(7);
    assertThat(effective.file()).isEqualTo(file.toString());
  }

  @Test
  void aWebhookWhoseSecretIsMissingMayBeNamedAllTheSame() {
    Map<String, String> environment =
        Map.of("TOCSIN_WEBHOOKS", "{pager: {url: 'https://pager.example/${env:NOT_THERE}'}}");
    EffectiveSettings effective = SettingsReader.read(null, environment, Map.of());

    assertThat(problems(effective))
        .containsExactly(
            "TOCSIN_WEBHOOKS:1:15  pager.url  environment variable 'NOT_THERE' is not set");
    String automation =
        "{name: a, trigger: {expect: [a]}, actions: [{type: call-webhook, webhook: pager}]}";
    assertThat(AutomationFiles.of(effective).readText("a.yaml", automation).problems()).isEmpty();
  }

  @Test
  void whatNobodyKnowsIsRefused() {
    Map<String, String> environment = Map.of("TOCSIN_LAPS", "1", "TOCSIN_MAX_BATCH", "none");
    Map<String, List<String>> flags = Map.of("lisen", List.of("x"));

    assertThat(problems(SettingsReader.read(null, environment, flags)))
        .containsExactlyInAnyOrder(
            "--set lisen  unknown setting; did you mean listen?",
            "TOCSIN_MAX_BATCH  must be a whole number from 1 to 100,000, not 'none'",
            "TOCSIN_LAPS  unknown setting; did you mean TOCSIN_LAPSE?");
    assertThat(problems(SettingsReader.read(null, Map.of(), Map.of("lapse", List.of("1", "2")))))
        .containsExactly("--set lapse  must be given once, not 2 times");
    assertThat(problems(SettingsReader.read(folder.resolve("none.yaml"), Map.of(), Map.of())))
        .containsExactly(folder.resolve("none.yaml") + "  does not exist");
  }

  @Test
  void variablesThatKubernetesSetsForServicesAreIgnored() {
    Map<String, String> environment =
        Map.ofEntries(
            Map.entry("TOCSIN_SERVICE_HOST", "10.96.0.17"),
            Map.entry("TOCSIN_SERVICE_PORT", "4280"),
            Map.entry("TOCSIN_SERVICE_PORT_HTTP", "4280"),
            Map.entry("TOCSIN_PORT", "tcp://10.96.0.17:4280"),
            Map.entry("TOCSIN_PORT_4280_TCP", "tcp://10.96.0.17:4280"),
            Map.entry("TOCSIN_PORT_4280_TCP_PROTO", "tcp"),
            Map.entry("TOCSIN_PORT_4280_TCP_PORT", "4280"),
            Map.entry("TOCSIN_PORT_4280_TCP_ADDR", "10.96.0.17"),
            Map.entry("TOCSIN_WEB_SERVICE_HOST", "fd00:10:96::a"),
            Map.entry("TOCSIN_WEB_SERVICE_PORT", "80"),
            Map.entry("TOCSIN_WEB_SERVICE_PORT_WEB_UI", "80"),
            Map.entry("TOCSIN_WEB_PORT", "tcp://[fd00:10:96::a]:80"),
            Map.entry("TOCSIN_WEB_PORT_80_TCP", "tcp://[fd00:10:96::a]:80"),
            Map.entry("TOCSIN_WEB_PORT_80_TCP_PROTO", "tcp"),
            Map.entry("TOCSIN_WEB_PORT_80_TCP_PORT", "80"),
            Map.entry("TOCSIN_WEB_PORT_80_TCP_ADDR", "fd00:10:96::a"),
            Map.entry("TOCSIN_WEB_PORT_53_UDP", "udp://[fd00:10:96::a]:53"),
            Map.entry("TOCSIN_WEB_PORT_53_UDP_PROTO", "udp"),
            Map.entry("TOCSIN_WEB_PORT_53_UDP_PORT", "53"),
            Map.entry("TOCSIN_WEB_PORT_53_UDP_ADDR", "fd00:10:96::a"));

    assertThat(problems(SettingsReader.read(null, environment, Map.of()))).isEmpty();
  }

  @Test
  void aVariableThatResemblesOneOfKubernetesIsRefused() {
    Map<String, String> environment =
        Map.of(
            "TOCSIN_PORT", "4280",
            "TOCSIN_SERVICE_HOST", "example.org",
            "TOCSIN_SERVICE_PORT", "http",
            "TOCSIN_PORT_4280", "tcp://10.96.0.17:4280",
            "TOCSIN_LISTENPORT", "tcp://10.96.0.17:4280",
            "TOCSIN_PORT_4280_TCP_PROTO", "http");

    assertThat(SettingsReader.read(null, environment, Map.of()).problems())
        .extracting(problem -> ((Place.InFile) problem.place()).file())
        .containsExactlyInAnyOrderElementsOf(environment.keySet());
  }

  @Test
  void secretsAreUsedAndNeverShown() throws IOException {
    Files.writeString(folder.resolve("token.txt"), "hunter2-file\n");
    Path file =
        file(
            """
            webhooks:
              ops:
                url: https://example.org/${env:HOOK}/x
                method: put
                headers:
                  Authorization: Bearer ${file:token.txt}
                  X-Pair: ${env:HOOK}-${env:HOOK}
                block_document_id: b-1
            """);

    EffectiveSettings effective = SettingsReader.read(file, Map.of("HOOK", "hunter2-$1"), Map.of());

    assertThat(effective.problems()).isEmpty();
    assertThat(effective.settings().delivery().webhooks())
        .containsEntry(
            "ops",
            new Webhook(
                "ops",
                new Secret("https://example.org/hunter2-$1/x"),
                "PUT",
                Map.of(
                    "Authorization",
                    new Secret("Bearer hunter2-file"),
                    "X-Pair",
                    new Secret("hunter2-$1-hunter2-$1")),
                "b-1",
                List.of(
                    new Secret("hunter2-$1"),
                    new Secret("hunter2-file"),
                    new Secret("hunter2-$1"),
                    new Secret("hunter2-$1"))));
    assertThat(effective.entry(Setting.WEBHOOKS).value()).isEqualTo("ops (PUT ********)");
    assertThat(effective.toString()).doesNotContain("hunter2");
  }

  @Test
  void everySettingHasAKeyAVariableAndADescriptionOfItsOwn() {
    assertThat(Arrays.stream(Setting.values()).map(Setting::key)).doesNotHaveDuplicates();
    assertThat(Setting.MAX_EVENT_BYTES.variable()).isEqualTo("TOCSIN_MAX_EVENT_BYTES");
    assertThat(Setting.values()).allMatch(setting -> setting.description().endsWith("."));
  }
}
