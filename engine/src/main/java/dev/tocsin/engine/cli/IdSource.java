package dev.tocsin.engine.cli;

/** Makes identifiers for events that have none. */
@FunctionalInterface
public interface IdSource {

  /** A new identifier, 1 to 255 characters, never given before. */
  String next();
}
