package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.store.Alive;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a start knows of the run before it.
 *
 * @param alive up to when that engine is known to have observed events, and whether it stopped then
 * @param lost entries that it had and the store has not; null if none are known to be missing
 */
record LastRun(Alive alive, @Nullable LostEntries lost) {

  private static final Logger LOG = LoggerFactory.getLogger(LastRun.class);

  /**
   * Entries that are missing at the end of the journal; later ones may be missing too.
   *
   * @param first the first missing entry
   * @param last the last entry that is known to have been there
   * @param noted when it was there, by the engine's clock
   */
  record LostEntries(long first, long last, Instant noted) {

    /** A sentence for an operator. */
    String sentence() {
      return "Entries %d to %d of the journal are missing, and any after %s: the log of the store"
              .formatted(first, last, noted)
          + " was lost, or an older copy is in the store's place";
    }
  }

  /**
   * From what the last run left; null if the engine has never run.
   *
   * @param mark null if there is none that can be read
   * @param sequence of the last entry in the store
   * @param clock of the last entry
   */
  static @Nullable LastRun of(@Nullable Alive mark, long sequence, Instant clock) {
    if (mark == null) {
      return sequence == 0 ? null : new LastRun(new Alive(clock, clock, sequence, false), null);
    }
    if (mark.sequence() > sequence) {
      LostEntries lost = new LostEntries(sequence + 1, mark.sequence(), mark.instant());
      LOG.error("{}. Senders may have to send again what is missing.", lost.sentence());
      Instant host = mark.host().isBefore(clock) ? mark.host() : clock;
      return new LastRun(new Alive(clock, host, sequence, false), lost);
    }
    // An entry after the mark is of a later start, which did not stop.
    boolean stopped = mark.stopped() && mark.sequence() == sequence;
    Instant instant = mark.instant().isBefore(clock) ? clock : mark.instant();
    Instant host = mark.host().plus(Duration.between(mark.instant(), instant));
    return new LastRun(new Alive(instant, host, mark.sequence(), stopped), null);
  }
}
