package dev.tocsin.engine.pipeline;

import dev.tocsin.wire.EncodedEvent;
import java.util.List;
import reactor.core.publisher.Mono;

/** Where events enter the engine. */
public interface Intake {

  /**
   * Offers events that belong together: all of them are accepted, or none.
   *
   * @return what became of them, once that is durable; an error only if the engine itself failed
   */
  Mono<Receipt> offer(List<EncodedEvent> events);

  /**
   * Notes that a sender was asked to retry later, for whatever reason: the engine does not observe
   * what that sender withholds.
   */
  default void senderRefused() {}

  /** What became of an offer. */
  sealed interface Receipt {

    /**
     * Durable and evaluated.
     *
     * @param accepted how many were new
     * @param duplicates how many had a known id and changed nothing
     */
    record Accepted(int accepted, int duplicates) implements Receipt {}

    /** No room now; nothing was accepted. May be retried in a moment. */
    record Overflow() implements Receipt {}

    /** The engine is stopping; nothing was accepted. */
    record Closed() implements Receipt {}
  }
}
