package dev.tocsin.wire;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads JSON that this program wrote or accepted. It has none of the limits of a parser for
 * strangers' JSON, since whatever was written must be readable: names, texts and numbers of any
 * length. Only nesting is limited, beyond {@link EventReader#MAX_RECORDED_DEPTH}, because readers
 * of JSON recurse.
 */
public final class StoredJson {

  /** Levels around the payload of an event: a list, the event, an answer around them. */
  private static final int AROUND = 20;

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(EventReader.MAX_RECORDED_DEPTH + AROUND)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private static final JsonMapper MAPPER = mapper().build();

  private StoredJson() {}

  /** Reads and writes trees and plain values. */
  public static JsonMapper reader() {
    return MAPPER;
  }

  /** The same, to be set up further. */
  public static JsonMapper.Builder mapper() {
    return JsonMapper.builder(FACTORY);
  }
}
