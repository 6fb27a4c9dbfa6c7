package dev.tocsin.engine.cli;

/** Format of a list that may be long. */
enum StreamFormat {
  /** Columns for a person. */
  table,
  /** One JSON object per line. */
  ndjson
}
