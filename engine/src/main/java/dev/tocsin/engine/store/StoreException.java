package dev.tocsin.engine.store;

/** A store that could not do what was asked, with what an operator needs to know. */
public final class StoreException extends RuntimeException {

  /** With the store's own reason. */
  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Without an underlying exception. */
  public StoreException(String message) {
    super(message);
  }
}
