package dev.tocsin.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.wire.LineSplitter.Line;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineSplitterTest {

  /** The lines as {@code number:text}, of an input that arrives in chunks of a size. */
  private static List<String> lines(String input, int maxLength, int chunk) {
    LineSplitter splitter = new LineSplitter(maxLength);
    byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
    List<String> lines = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += chunk) {
      splitter.feed(bytes, from, Math.min(chunk, bytes.length - from));
      for (Line line = splitter.next(); line != null; line = splitter.next()) {
        lines.add(text(line));
      }
    }
    Line last = splitter.last();
    if (last != null) {
      lines.add(text(last));
    }
    return lines;
  }

  private static String text(Line line) {
    return line.number()
        + ":"
        + (line.isTooLong()
            ? line.length() + " bytes"
            : new String(line.bytes(), line.offset(), (int) line.length(), StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 100})
  void linesAreTheSameHoweverTheInputArrives(int chunk) {
    assertThat(lines("a\n\nbb\r\n \t\r\nÄ😀\nlast", 8, chunk))
        .containsExactly("1:a", "3:bb\r", "5:Ä😀", "6:last");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 100})
  void aLineThatIsTooLongIsCountedAndTheNextIsWhole(int chunk) {
    assertThat(lines("1234\n12345\n" + "x".repeat(50) + "\nab\n123456", 4, chunk))
        .containsExactly("1:1234", "2:5 bytes", "3:50 bytes", "4:ab", "5:6 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n \n\t", " "})
  void blankInputHasNoLine(String input) {
    assertThat(lines(input, 8, 1)).isEmpty();
    assertThat(lines(input, 8, 9)).isEmpty();
  }

  @Test
  void aBlankLineThatIsTooLongIsALine() {
    assertThat(lines("         \na", 8, 100)).containsExactly("1:9 bytes", "2:a");
  }

  @Test
  void aLineBegunBeforeHoldsNoMoreThanTheMaximum() {
    LineSplitter splitter = new LineSplitter(10);
    byte[] chunk = "x".repeat(1_000).getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 5; i++) {
      splitter.feed(chunk, 0, chunk.length);
      assertThat(splitter.next()).isNull();
    }
    @Nullable Line last = splitter.last();
    assertThat(last).isNotNull().matches(Line::isTooLong).matches(it -> it.length() == 5_000);
    assertThat(splitter.last()).isNull();
  }

  @Test
  void misuseIsRefused() {
    assertThatThrownBy(() -> new LineSplitter(0))
        .hasMessage("maxLength must be more than 0, not 0");
    LineSplitter splitter = new LineSplitter(1);
    splitter.feed(new byte[] {'\n', 'a', '\n'}, 0, 3);
    assertThat(splitter.next()).isNotNull();
    splitter.feed(new byte[] {'b'}, 0, 1);
    assertThatThrownBy(() -> splitter.feed(new byte[] {'c'}, 0, 1))
        .isInstanceOf(IllegalStateException.class);
  }
}
