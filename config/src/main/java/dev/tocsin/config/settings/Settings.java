package dev.tocsin.config.settings;

import dev.tocsin.actions.Webhook;
import dev.tocsin.triggers.EventLimits;
import dev.tocsin.triggers.runtime.RuntimeSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The effective settings of a daemon. Defaults, bounds and descriptions stand in one place, {@code
 * Setting}.
 *
 * @param host address to listen on
 * @param port 0 is any free port
 * @param data folder of the store
 * @param retention what of the store is kept
 * @param automations files and folders of automations
 * @param namespace prefix of the engine's own events, {@code <ns>} in the semantics
 * @param limits bounds on an event over the network
 * @param lapse how long a state is kept past all that it can still influence
 * @param followsPatience how long an event waits for the one that it follows
 * @param followsMemory how long an event is known as evaluated to those that follow it
 * @param maxCausalDepth deepest firing in a chain of the engine's own events
 * @param startupGrace how long after a restart the engine still counts as blind
 * @param intakeCapacity most events that wait to be evaluated
 * @param maxBatch most events of one commit
 * @param checkpointEvery entries of the journal after which trigger state is saved
 * @param maxBodyBytes largest body of a request that is no stream, unpacked
 * @param maxConnections most open connections
 * @param bodyTimeout longest time without a byte of a request's body
 * @param idleTimeout longest time that a connection stays open between requests
 * @param shutdownTimeout longest time that a stop takes
 * @param webhookTimeout longest time of one webhook call
 * @param maxResponseBytes how much of a webhook's answer is read
 * @param maxDestinations most webhook destinations called at the same time
 * @param destinationWindow most invocations of one destination held in memory
 * @param strictTemplates whether an undefined value fails an action
 * @param uiUrl base of the links that templates make, if any
 * @param webhooks by name
 */
public record Settings(
    String host,
    int port,
    Path data,
    Retention retention,
    List<Path> automations,
    String namespace,
    EventLimits limits,
    Duration lapse,
    Duration followsPatience,
    Duration followsMemory,
    int maxCausalDepth,
    Duration startupGrace,
    int intakeCapacity,
    int maxBatch,
    int checkpointEvery,
    int maxBodyBytes,
    int maxConnections,
    Duration bodyTimeout,
    Duration idleTimeout,
    Duration shutdownTimeout,
    Duration webhookTimeout,
    int maxResponseBytes,
    int maxDestinations,
    int destinationWindow,
    boolean strictTemplates,
    @Nullable URI uiUrl,
    Map<String, Webhook> webhooks) {

  /** Copies; the webhooks keep their order. */
  public Settings {
    automations = List.copyOf(automations);
    webhooks = Collections.unmodifiableMap(new LinkedHashMap<>(webhooks));
  }

  /** What decides what fires: the same in the daemon, in tests and in backtests. */
  public RuntimeSettings runtime() {
    return new RuntimeSettings(
        lapse, maxCausalDepth, followsPatience, followsMemory, RuntimeSettings.MAX_FOLLOWS_MOST);
  }
}
