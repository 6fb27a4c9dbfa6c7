package dev.tocsin.actions;

import dev.tocsin.triggers.Event;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How an invocation ended. */
public sealed interface ActionOutcome {

  /** Details of the attempt, success or not. */
  AttemptReport report();

  /**
   * It was done.
   *
   * @param effects what the engine does in the same transaction as this outcome
   */
  record Executed(AttemptReport report, List<Effect> effects) implements ActionOutcome {}

  /**
   * It could not be done.
   *
   * @param reason why, for an operator
   */
  record Failed(String reason, AttemptReport report) implements ActionOutcome {}

  /**
   * Details of an outcome.
   *
   * @param statusCode HTTP status; null without an answer
   * @param responseHeaders headers of the answer, secrets redacted
   * @param responseBody beginning of the answer's body; null without one
   * @param attempts how often a call was tried
   * @param undefined template paths that had no value
   */
  record AttemptReport(
      @Nullable Integer statusCode,
      Map<String, String> responseHeaders,
      @Nullable String responseBody,
      int attempts,
      List<String> undefined) {

    /** No call was made and nothing was undefined. */
    public static final AttemptReport NONE = new AttemptReport(null, Map.of(), null, 0, List.of());
  }

  /** A change inside the engine that an action asks for. */
  sealed interface Effect {

    /** An event to accept, one causal step deeper than the firing. */
    record Emit(Event event) implements Effect {}

    /** An automation to switch off or on. */
    record SetPaused(String automation, boolean paused) implements Effect {}
  }
}
