package dev.tocsin.engine.cli;

/** Generates ids for events without one. */
@FunctionalInterface
public interface IdSource {

  /** A new id of 1 to 255 characters, never returned before. */
  String next();
}
