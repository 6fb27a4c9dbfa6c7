package dev.tocsin.actions.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A receiver that repeats a secret, in whatever encoding. */
class RedactionTest {

  private static final String SECRET = "s3cr\u00e9t/token+\"42\"?";

  private static Stream<String> encodings() {
    byte[] bytes = SECRET.getBytes(StandardCharsets.UTF_8);
    String hex = HexFormat.of().formatHex(bytes);
    StringBuilder escaped = new StringBuilder();
    SECRET.chars().forEach(c -> escaped.append("\\u%04X".formatted(c)));
    return Stream.of(
        SECRET,
        hex,
        HexFormat.of().withUpperCase().formatHex(bytes),
        HexFormat.of().withPrefix("%").withUpperCase().formatHex(bytes),
        escaped.toString(),
        Base64.getEncoder().encodeToString(bytes),
        Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void hidesASecret(String encoded) {
    String shown = Redaction.of(List.of(SECRET)).text("before " + encoded + " after");
    assertThat(shown).matches("before \\*{8}.{0,4} after");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "ab", "user:", "someone:"})
  void hidesASecretInsideOfWhatIsEncoded(String user) {
    String basic =
        Base64.getEncoder().encodeToString((user + SECRET + "!").getBytes(StandardCharsets.UTF_8));
    String shown = Redaction.of(List.of(SECRET)).text(basic);
    assertThat(shown).contains("********").hasSizeLessThan(user.length() * 2 + 20);
  }
}
