package dev.tocsin.engine.pipeline;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tocsin.engine.store.FeedbackEvent;
import dev.tocsin.engine.store.Journal;
import dev.tocsin.wire.EncodedEvent;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** The ids of accepted events: the latest in memory, all others in the journal. */
final class KnownIds {

  /** Number of the latest ids that are known without a query. */
  private static final int RECENT = 200_000;

  private final Journal journal;
  private final Cache<String, Boolean> recent = Caffeine.newBuilder().maximumSize(RECENT).build();

  KnownIds(Journal journal) {
    this.journal = journal;
  }

  /** Adds ids of events that are accepted. */
  void add(Set<String> ids) {
    ids.forEach(id -> recent.put(id, true));
  }

  /** Those of a batch's events that have been accepted already. May block. */
  Set<String> of(Batch batch) {
    Set<String> known = new HashSet<>();
    Set<String> asked = new LinkedHashSet<>();
    for (FeedbackEvent feedback : batch.feedback()) {
      ask(feedback.event().id(), known, asked);
    }
    for (Submission submission : batch.submissions()) {
      if (submission instanceof Submission.Offer offer) {
        for (EncodedEvent each : offer.events()) {
          ask(each.event().id(), known, asked);
        }
      }
    }
    if (!asked.isEmpty()) {
      known.addAll(journal.known(asked));
    }
    return known;
  }

  private void ask(String id, Set<String> known, Set<String> asked) {
    if (recent.getIfPresent(id) != null) {
      known.add(id);
    } else {
      asked.add(id);
    }
  }
}
