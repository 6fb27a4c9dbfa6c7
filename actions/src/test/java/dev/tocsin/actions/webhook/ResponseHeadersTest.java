package dev.tocsin.actions.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseHeadersTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Set-Cookie",
        "Authorization",
        "WWW-Authenticate",
        "Proxy-Authorization",
        "X-Api-Key",
        "X-CSRF-Token",
        "X-Amz-Security-Token",
        "X-Session-Id",
        "X-Hub-Signature-256"
      })
  void hideSecrets(String name) {
    assertThat(
            ResponseHeaders.redacted(
                List.of(Map.entry(name, "s3cr3t"), Map.entry(name, "more")), Redaction.NONE))
        .containsExactly(Map.entry(name.toLowerCase(java.util.Locale.ROOT), "********"));
  }

  @Test
  void joinValuesOfOneName() {
    assertThat(
            ResponseHeaders.redacted(
                List.of(Map.entry("Via", "a"), Map.entry("Date", "now"), Map.entry("via", "b")),
                Redaction.NONE))
        .containsExactly(Map.entry("via", "a, b"), Map.entry("date", "now"));
  }

  @Test
  void areFewAndShort() {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      headers.add(Map.entry("x-" + i, "v".repeat(1_000)));
    }
    headers.addFirst(Map.entry("n".repeat(50_001), "v"));
    Map<String, String> shown = ResponseHeaders.redacted(headers, Redaction.NONE);
    assertThat(shown).hasSize(50).containsKeys("n".repeat(500) + "…", "x-0", "x-48");
    assertThat(shown.get("x-0")).hasSize(501).endsWith("…");
  }
}
