package dev.tocsin.engine.store;

/**
 * A row of the store that cannot be read.
 *
 * @param table its table
 * @param key its number, or the text that identifies it in its table
 * @param reason why it cannot be read
 */
public record UnreadableRow(String table, String key, String reason) {

  /** The row and the reason. */
  @Override
  public String toString() {
    return table + " " + key + " cannot be read: " + reason;
  }
}
