package dev.tocsin.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LineLimitTest {

  private final LineLimit limit = new LineLimit(2, 1_000);

  @Test
  void eachKindHasItsOwnLines() {
    assertThat(limit.advance(5_000)).isEmpty();
    assertThat(limit.admits("a")).isTrue();
    assertThat(limit.admits("a")).isTrue();
    assertThat(limit.admits("a")).isFalse();
    assertThat(limit.admits("b")).isTrue();
  }

  @Test
  void aNewWindowBeginsWithTheFirstLineAfterTheLast() {
    limit.advance(5_000);
    for (int i = 0; i < 5; i++) {
      limit.admits("a");
    }
    assertThat(limit.advance(5_999)).isEmpty();
    assertThat(limit.advance(6_000)).isEqualTo(Map.of("a", 3));
    assertThat(limit.admits("a")).isTrue();
    assertThat(limit.end()).isEmpty();
  }

  @Test
  void aClockThatWentBackBeginsAWindow() {
    limit.advance(5_000);
    limit.admits("a");
    limit.admits("a");
    limit.admits("a");
    assertThat(limit.advance(1_000)).isEqualTo(Map.of("a", 1));
    assertThat(limit.admits("a")).isTrue();
  }

  @Test
  void kindsBeyondAThousandShareALimit() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(limit.admits("kind " + i)).isTrue();
    }
    assertThat(limit.admits("c")).isTrue();
    assertThat(limit.admits("d")).isTrue();
    assertThat(limit.admits("e")).isFalse();
    assertThat(limit.admits("kind 7")).isTrue();
  }
}
