package dev.tocsin.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.engine.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReadAheadTest {

  private static final int PAGE = 10;
  private static final Duration LONG = Duration.ofSeconds(60);

  /** Numbers after one, up to a last one. */
  private static List<Long> page(long after, long last) {
    return LongStream.rangeClosed(after + 1, Math.min(after + PAGE, last)).boxed().toList();
  }

  @Test
  void allRowsComeOnceInTheirOrder() {
    List<Long> rows = new ArrayList<>();
    new ReadAhead<Long>(after -> page(after, 25), row -> row, 3).forEachRemaining(rows::add);
    assertThat(rows).containsExactlyElementsOf(LongStream.rangeClosed(4, 25).boxed().toList());
  }

  @Test
  void whereThereAreNoRowsItIsAtItsEnd() {
    ReadAhead<Long> none = new ReadAhead<>(_ -> List.of(), row -> row, 0);
    assertThat(none.hasNext()).isFalse();
    assertThat(none.hasNext()).isFalse();
    assertThatThrownBy(none::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void theNextPageIsReadMeanwhileAndNoFurtherOne() throws InterruptedException {
    AtomicInteger taken = new AtomicInteger();
    CountDownLatch second = new CountDownLatch(2);
    Queue<String> tooEarly = new ConcurrentLinkedQueue<>();
    ReadAhead<Long> rows =
        new ReadAhead<>(
            after -> {
              second.countDown();
              if (taken.get() < after - PAGE) {
                tooEarly.add("after " + after + " with " + taken + " taken");
              }
              return page(after, 100);
            },
            row -> row,
            0);
    assertThat(rows.next()).isEqualTo(1);
    assertThat(second.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    taken.incrementAndGet();
    while (rows.hasNext()) {
      rows.next();
      taken.incrementAndGet();
    }
    assertThat(taken).hasValue(100);
    assertThat(tooEarly).isEmpty();
  }

  @Test
  void aFailureIsMetAsItIsWhereItsRowsWouldCome() {
    StoreException failure = new StoreException("row 11 cannot be read");
    ReadAhead<Long> rows =
        new ReadAhead<>(
            after -> {
              if (after == PAGE) {
                throw failure;
              }
              return page(after, 100);
            },
            row -> row,
            0);
    for (long row = 1; row <= PAGE; row++) {
      assertThat(rows.next()).isEqualTo(row);
    }
    assertThatThrownBy(rows::next).isSameAs(failure);
    assertThatThrownBy(rows::hasNext).isSameAs(failure);
  }

  @Test
  void whoStopsInTheMiddleLeavesNoThread() throws InterruptedException {
    Queue<Thread> readers = new ConcurrentLinkedQueue<>();
    CountDownLatch second = new CountDownLatch(2);
    ReadAhead<Long> rows =
        new ReadAhead<>(
            after -> {
              readers.add(Thread.currentThread());
              second.countDown();
              return page(after, 100);
            },
            row -> row,
            0);
    assertThat(rows.next()).isEqualTo(1);
    assertThat(second.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    for (Thread reader : readers) {
      assertThat(reader.join(LONG)).isTrue();
    }
    assertThat(readers).hasSize(2).doesNotContain(Thread.currentThread());
  }
}
