package dev.tocsin.actions;

import dev.tocsin.actions.ActionOutcome.Effect;
import dev.tocsin.actions.webhook.WebhookRequest;
import java.util.List;

/** An action of which all is rendered. It no longer holds the event that it was rendered from. */
public sealed interface PreparedAction {

  /** The invocation, without its event. */
  Invocation invocation();

  /** About how many bytes of memory it holds until it has ended. */
  long bytes();

  /** It has ended without a call. */
  record WithoutCall(Invocation invocation, ActionOutcome outcome) implements PreparedAction {

    @Override
    public long bytes() {
      return outcome instanceof ActionOutcome.Executed executed
          ? executed.effects().stream().mapToLong(WithoutCall::bytes).sum()
          : 0;
    }

    private static long bytes(Effect effect) {
      return switch (effect) {
        case Effect.Emit(var event) -> 2L * event.payload().size();
        case Effect.SetPaused paused -> 0;
      };
    }
  }

  /**
   * A webhook is to be called.
   *
   * @param undefined template paths that had no value
   */
  record WithCall(Invocation invocation, WebhookRequest request, List<String> undefined)
      implements PreparedAction {

    /**
     * A character takes up to two bytes in the text that is kept, and up to two where it is sent.
     */
    private static final int BYTES_OF_CHARACTER = 4;

    @Override
    public long bytes() {
      long characters = request.url().toString().length() + (long) request.body().length();
      for (var header : request.headers().entrySet()) {
        characters += header.getKey().length() + (long) header.getValue().length();
      }
      return BYTES_OF_CHARACTER * characters;
    }
  }
}
