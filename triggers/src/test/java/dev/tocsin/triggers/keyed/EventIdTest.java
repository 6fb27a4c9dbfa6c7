package dev.tocsin.triggers.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.triggers.Trials;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventIdTest {

  /** Digits, their neighbours in ASCII, and characters whose low byte is a digit's. */
  private static final String ODD = "/09:`afg@AFG-\u0130\u2061\u012d";

  @Test
  void packsWhatIsCanonicalAndNothingElse() {
    Trials.run(
        20_000,
        random -> {
          StringBuilder text =
              new StringBuilder(new UUID(random.nextLong(), random.nextLong()).toString());
          for (int i = random.nextInt(3); i > 0; i--) {
            text.setCharAt(random.nextInt(36), ODD.charAt(random.nextInt(ODD.length())));
          }
          assertPacked(text.toString());
        });
  }

  @Test
  void packsEveryDigitInEveryPlace() {
    for (int value = 0; value < 16; value++) {
      String digit = Integer.toHexString(value);
      assertPacked("00000000-0000-0000-0000-000000000000".replace("0", digit));
    }
  }

  /** Two characters are one code point: fewer bytes than characters in a set that lacks it. */
  @Test
  void packsNothingWithASurrogatePair() {
    String canonical = "c2b4a1f0-0000-4000-8000-0123456789ab";
    for (int at = 0; at < canonical.length() - 1; at++) {
      String before = canonical.substring(0, at);
      assertPacked(before + "\ud83d\ude00" + canonical.substring(at + 2));
      assertPacked(before + "\ud83d" + canonical.substring(at + 1));
    }
  }

  @Test
  void packsNothingOfAnotherLength() {
    assertPacked("");
    assertPacked("00000000-0000-0000-0000-00000000000");
    assertPacked("00000000-0000-0000-0000-0000000000000");
  }

  private static void assertPacked(String text) {
    boolean isCanonical =
        text.matches("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    EventId id = EventId.of(text);
    assertThat(id.isUuid()).as(text).isEqualTo(isCanonical);
    assertThat(id.text()).isEqualTo(text);
    if (isCanonical) {
      assertThat(EventId.ofUuid(id.high(), id.low()).text()).isEqualTo(text);
    }
  }
}
