package dev.tocsin.engine.store;

import java.time.Instant;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Trigger state after an entry: its head, and a range of pages. Only the last pages of the range
 * are new: the others belong to earlier checkpoints as well.
 *
 * @param sequence the last entry whose effect it includes
 * @param clock the engine's clock then
 * @param head the part that is rewritten each time, as JSON
 * @param first place of the first page
 * @param last place of the last page; without pages, the one before {@code first}
 */
public record StoredCheckpoint(long sequence, Instant clock, String head, long first, long last) {

  /**
   * The pages in order, as they are read.
   *
   * @param read pages with ascending places, beginning with the first
   * @return throws an {@link UnreadableCheckpointException} where a page is missing
   */
  public Iterator<CheckpointPage> complete(Iterator<CheckpointPage> read) {
    return new CompletePages(read, first, last);
  }

  private static final class CompletePages implements Iterator<CheckpointPage> {

    private final Iterator<CheckpointPage> read;
    private final long last;
    private long next;

    CompletePages(Iterator<CheckpointPage> read, long first, long last) {
      this.read = read;
      this.next = first;
      this.last = last;
    }

    @Override
    public boolean hasNext() {
      return next <= last;
    }

    @Override
    public CheckpointPage next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      CheckpointPage page = read.hasNext() ? read.next() : null;
      if (page == null || page.place() != next) {
        throw new UnreadableCheckpointException("its page " + next + " is missing");
      }
      next++;
      return page;
    }
  }
}
