package dev.tocsin.triggers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Globs, by table and against {@link SlowPattern}. */
class PatternTest {

  private static final int MANY = 4_096;

  /**
   * Values that fit and values that do not are divided by spaces; {@code ''} stands for the empty
   * one.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          abc         | abc                      | ab abcd xabc ABC a.c ''
          *           | '' a a.b.c ***           |
          **          | '' a a.b.c               |
          a*          | a ab a.b.c               | '' ba A
          *a          | a ba .a                  | '' ab
          a*a         | aa aba aaa               | a '' ab
          *a*         | a bab aa                 | '' b
          *ab*ab      | abab xabyab ababab       | ab aab ''
          a**c        | ac abc                   | a c
          a*b*c       | abc a.b.c abbcc          | acb ab
          ?           | a . ? * 😀               | '' ab
          ??          | ab 😀😀 a😀              | '' a abc 😀
          a?c         | abc a.c a😀c             | ac abbc
          *?          | a ab 😀                  | ''
          ?*?         | ab abc                   | a ''
          *??*        | ab abc 😀😀              | a 😀 ''
          [abc]       | a b c                    | '' d ab [ [abc]
          [a-c]x      | ax bx cx                 | dx -x x
          [!abc]      | d 😀 !                   | a b c '' dd
          [a!]        | a !                      | b
          []abc]      | ] a b c                  | [ '' abc]
          []]         | ]                        | [ '' []]
          [!]]        | a [ !                    | ] ''
          [!]         | [!]                      | a ! ''
          []          | []                       | [ ] ''
          [           | [                        | '' a
          [abc        | [abc                     | a b c
          a[b         | a[b                      | ab a
          x[*         | x[ x[abc                 | x
          [a-]        | a -                      | b ''
          [-a]        | - a                      | b
          [--0]       | - . / 0                  | , 1
          [a-c-e]     | a b c - e                | d
          [z-a]       |                          | a m z - ''
          [!z-a]      | a z -                    | '' ab
          [*]         | *                        | a ''
          [?]         | ?                        | a
          [[]         | [                        | ] a
          [\\]        | \\                       | ] a
          \\*         | \\ \\a                   | * a
          a\\?        | a\\x                     | a? a
          [😀-😂]     | 😀 😁 😂                 | 😃 a ''
          [!😀]       | 😁 a                     | 😀
          *😀         | 😀 a😀                   | 😁 😀a
          *[0-9]      | 0 a9 a00                 | a '' 0a
          *[0-9]x*    | 1x a1xb xx1x             | x1 1 x
          *.[ab].*    | .a. x.b.y .c..a.         | .c. a
          !           | a ! 😀                   | ''
          !!          | a ''                     | !
          !abc        | ab abcd ''               | abc
          !*          |                          | a '' b
          !a*         | b '' ba                  | a ab
          ![ab]       | c '' ab                  | a b
          !?          | '' ab 😀😀               | a 😀
          !!a         | a ''                     | !a
          ab!         | ab!                      | ab
          """)
  void fits(String pattern, @Nullable String fitting, @Nullable String notFitting) {
    assertThat(values(fitting)).allMatch(Pattern.of(pattern)::matches);
    assertThat(values(notFitting)).noneMatch(Pattern.of(pattern)::matches);
  }

  private static String[] values(@Nullable String divided) {
    if (divided == null) {
      return new String[0];
    }
    String[] values = divided.split(" ");
    for (int i = 0; i < values.length; i++) {
      values[i] = values[i].equals("''") ? "" : values[i];
    }
    return values;
  }

  @Test
  void anEmptyPatternFitsTheEmptyValueAlone() {
    assertThat(Pattern.of("").matches("")).isTrue();
    assertThat(Pattern.of("").matches("a")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "*", "!a", "!"})
  void anAbsentValueFitsNothing(String pattern) {
    assertThat(Pattern.of(pattern).matches(null)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      textBlock =
          """
          abc    | abc  | abc
          ''     | ''   | ''
          a[     | a[   | a[
          a*b    | none | a
          a?b    | none | a
          a[b]   | none | a
          *      | none | ''
          !abc   | none | ''
          !a*    | none | ''
          😀*    | none | 😀
          """)
  void knowsItsLiteralAndItsPrefix(String pattern, String literal, String prefix) {
    assertThat(Pattern.of(pattern).literal()).isEqualTo(literal);
    assertThat(Pattern.of(pattern).literalPrefix()).isEqualTo(prefix);
  }

  @Test
  void agreesWithTheSlowTwin() {
    Trials.run(
        20_000,
        random -> {
          String pattern = randomText(random, "ab.*?[]!-😀\\", 10);
          for (int i = 0; i < 10; i++) {
            String value = randomText(random, "ab.[]!-😀*", 8);
            assertThat(Pattern.of(pattern).matches(value))
                .as("'%s' on '%s'", pattern, value)
                .isEqualTo(SlowPattern.fits(pattern, value));
          }
        });
  }

  @Test
  void whatFitsBeginsWithTheLiteralPrefix() {
    Trials.run(
        20_000,
        random -> {
          Pattern pattern = Pattern.of(randomText(random, "ab*?[]!😀", 6));
          String value = randomText(random, "ab[]!😀", 5);
          if (pattern.matches(value)) {
            assertThat(value).as(pattern.text()).startsWith(pattern.literalPrefix());
            if (pattern.literal() != null) {
              assertThat(value).isEqualTo(pattern.literal());
            }
          }
        });
  }

  private static String randomText(Random random, String alphabet, int most) {
    int[] points = alphabet.codePoints().toArray();
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      text.appendCodePoint(points[random.nextInt(points.length)]);
    }
    return text.toString();
  }

  /** Each would take for ever by backtracking: the last piece is missing only at the very end. */
  @Test
  void manyStarsDoNotMultiply() {
    String value = "a".repeat(1_000_000);
    assertThat(Pattern.of("*".repeat(MANY)).matches(value)).isTrue();
    assertThat(Pattern.of("*a".repeat(MANY / 2)).matches(value)).isTrue();
    assertThat(Pattern.of("*a".repeat(MANY / 2 - 1) + "*b").matches(value)).isFalse();
    assertThat(Pattern.of("*?".repeat(MANY / 2 - 1) + "*b").matches(value)).isFalse();
    assertThat(Pattern.of("*[a-z]".repeat(MANY / 6 - 1) + "*[b]*").matches(value)).isFalse();
  }

  @Test
  void refusesOneThatIsTooLong() {
    assertThat(Pattern.of("a".repeat(MANY)).matches("a".repeat(MANY))).isTrue();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pattern.of("a".repeat(MANY + 1)))
        .withMessage("a pattern has at most 4096 characters, not 4097");
  }

  /** Half of a pair would fit the half of a character: {@code \uD83D*} every emoji of a plane. */
  @ParameterizedTest
  @ValueSource(strings = {"\uD83D*", "*\uDE00", "[\uD83D]", "a\0"})
  void refusesWhatNoValueHas(String pattern) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pattern.of(pattern))
        .withMessage("a pattern holds a NUL or a lone surrogate");
  }

  @Test
  void isEqualByItsText() {
    assertThat(Pattern.of("a*")).isEqualTo(Pattern.of("a*")).hasSameHashCodeAs(Pattern.of("a*"));
    assertThat(Pattern.of("a*")).isNotEqualTo(Pattern.of("a**")).hasToString("a*");
  }
}
