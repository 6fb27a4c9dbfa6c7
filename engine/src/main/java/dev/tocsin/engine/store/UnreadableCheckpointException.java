package dev.tocsin.engine.store;

/** A checkpoint is not as it was written; the message is the reason. */
public final class UnreadableCheckpointException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With the reason. */
  public UnreadableCheckpointException(String reason) {
    super(reason);
  }
}
