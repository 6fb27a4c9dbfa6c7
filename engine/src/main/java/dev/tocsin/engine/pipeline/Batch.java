package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.store.FeedbackEvent;
import java.util.List;

/**
 * What is evaluated and committed together.
 *
 * @param submissions in their order
 * @param feedback own events, evaluated before them
 * @param isClosed whether the intake was closed before this was taken
 */
record Batch(List<Submission> submissions, List<FeedbackEvent> feedback, boolean isClosed) {

  /** Nothing. */
  static final Batch EMPTY = new Batch(List.of(), List.of(), false);

  /** Whether no offer of a sender is left, here or in the intake. */
  boolean isLast() {
    return isClosed && submissions.isEmpty() && feedback.isEmpty();
  }
}
