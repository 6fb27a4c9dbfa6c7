package dev.tocsin.engine.store;

import dev.tocsin.triggers.runtime.RuntimeSettings;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What decides besides automations and entries. The journal has it, since a recovery must decide as
 * the run did, also if the next start has other settings.
 *
 * @param runtime without a seed, which decides nothing
 * @param maxStateBytes the bound on trigger state, as {@link
 *     dev.tocsin.triggers.runtime.TriggerRuntime#configure} takes it
 * @param namespace of the engine's own events
 */
public record DecisionSettings(RuntimeSettings runtime, long maxStateBytes, String namespace) {

  /** Drops the seed. */
  public DecisionSettings {
    runtime = runtime.withTableSeed(0);
  }

  /** The same with another bound on trigger state. */
  public DecisionSettings bounded(long bytes) {
    return new DecisionSettings(runtime, bytes, namespace);
  }

  /** As JSON, for {@link #read}. Durations in microseconds. */
  public ObjectNode json() {
    return switch (this) {
      case DecisionSettings(
              RuntimeSettings(
                  Duration lapse,
                  int maxCausalDepth,
                  Duration followsPatience,
                  Duration followsMemory,
                  int followsMost,
                  long _),
              long stateBytes,
              String ownNamespace) ->
          JsonNodeFactory.instance
              .objectNode()
              .put("lapse", micros(lapse))
              .put("max_causal_depth", maxCausalDepth)
              .put("follows_patience", micros(followsPatience))
              .put("follows_memory", micros(followsMemory))
              .put("follows_most", followsMost)
              .put("max_state_bytes", stateBytes)
              .put("namespace", ownNamespace);
    };
  }

  /**
   * Reads {@link #json}.
   *
   * @throws RuntimeException if it cannot be read
   */
  public static DecisionSettings read(JsonNode json) {
    return new DecisionSettings(
        new RuntimeSettings(
            duration(json, "lapse"),
            json.required("max_causal_depth").intValue(),
            duration(json, "follows_patience"),
            duration(json, "follows_memory"),
            json.required("follows_most").intValue()),
        json.required("max_state_bytes").longValue(),
        json.required("namespace").stringValue());
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1_000;
  }

  private static Duration duration(JsonNode json, String name) {
    return Duration.of(json.required(name).longValue(), ChronoUnit.MICROS);
  }
}
