package dev.tocsin.engine.pipeline;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/**
 * Rows of the store in their order, read page by page: the next page is read by another thread
 * while somebody works on the one before, so that no more than two are in memory. The thread lives
 * as long as it reads its page, and nothing has to be closed.
 *
 * @param <T> a row
 */
final class ReadAhead<T> implements Iterator<T> {

  private final LongFunction<List<T>> pageAfter;
  private final ToLongFunction<T> place;
  private Iterator<T> page = Collections.emptyIterator();
  private CompletableFuture<List<T>> next;

  /**
   * Begins to read.
   *
   * @param pageAfter reads some rows after a place, none if there are none; what it throws, who
   *     asks for these rows meets
   * @param place of a row; ascends
   * @param after the place after which to begin
   */
  ReadAhead(LongFunction<List<T>> pageAfter, ToLongFunction<T> place, long after) {
    this.pageAfter = pageAfter;
    this.place = place;
    this.next = read(after);
  }

  @Override
  public boolean hasNext() {
    if (!page.hasNext()) {
      List<T> rows = await();
      if (!rows.isEmpty()) {
        page = rows.iterator();
        next = read(place.applyAsLong(rows.getLast()));
      }
    }
    return page.hasNext();
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return page.next();
  }

  private CompletableFuture<List<T>> read(long after) {
    return CompletableFuture.supplyAsync(
        () -> pageAfter.apply(after),
        reading -> Thread.ofPlatform().daemon().name("read-ahead").start(reading));
  }

  private List<T> await() {
    try {
      return next.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }
}
