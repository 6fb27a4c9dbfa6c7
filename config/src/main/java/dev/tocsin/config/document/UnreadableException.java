package dev.tocsin.config.document;

/** A text that is not YAML or JSON within bounds; it cannot be read beyond the place. */
final class UnreadableException extends RuntimeException {

  private final transient Position position;
  private final String path;
  private final String problem;

  UnreadableException(Position position, String path, String message) {
    super(message);
    this.position = position;
    this.path = path;
    this.problem = message;
  }

  Position position() {
    return position;
  }

  /** What is wrong. */
  String problem() {
    return problem;
  }

  String path() {
    return path;
  }
}
