package dev.tocsin.engine.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BodyBufferTest {

  private static final int MAX = 1_000_000;

  private final BodyBudget budget = new BodyBudget(3 * MAX, "request bodies");
  private final BodyBudget.Share share = budget.open();

  @Test
  void manySmallPiecesCostAtMostTwiceTheirBytes() {
    BodyBuffer buffer = new BodyBuffer(share, MAX);
    for (int i = 0; i < MAX; i++) {
      buffer.add(new byte[] {(byte) i});
      assertThat(budget.taken()).isBetween((long) i + 1, Math.max(1_024L, 2L * (i + 1)));
    }
    byte[] whole = buffer.whole();
    assertThat(whole).hasSize(MAX);
    assertThat(whole[300]).isEqualTo((byte) 300);
    assertThat(budget.taken()).isEqualTo(MAX);
  }

  @Test
  void aBodyInOnePieceIsNotCopied() {
    byte[] piece = new byte[5_000];
    BodyBuffer buffer = new BodyBuffer(share, MAX);
    buffer.add(piece);
    assertThat(buffer.whole()).isSameAs(piece);
    assertThat(budget.taken()).isEqualTo(5_000);
  }

  @Test
  void bothArraysArePaidForWhileItGrows() {
    BodyBudget small = new BodyBudget(250, "request bodies");
    BodyBuffer buffer = new BodyBuffer(small.open(), 200);
    buffer.add(new byte[100]);
    assertThatThrownBy(() -> buffer.add(new byte[1])).isInstanceOf(RefusedException.class);
    assertThat(small.taken()).isEqualTo(100);
  }

  @Test
  void whatIsDroppedIsReturned() {
    BodyBuffer buffer = new BodyBuffer(share, MAX);
    buffer.add(new byte[100]);
    buffer.add(new byte[100], 50);
    buffer.release();
    assertThat(buffer.length()).isZero();
    assertThat(budget.taken()).isZero();
    assertThatThrownBy(() -> buffer.add(new byte[MAX + 1], MAX + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aShareHoldsWhatItIsToldTo() {
    share.hold(500);
    share.hold(200);
    assertThat(budget.taken()).isEqualTo(200);
    assertThatThrownBy(() -> share.hold(3 * MAX + 1)).isInstanceOf(RefusedException.class);
    assertThat(budget.taken()).isEqualTo(200);
    share.close();
    share.hold(500);
    assertThat(budget.taken()).isZero();
  }
}
