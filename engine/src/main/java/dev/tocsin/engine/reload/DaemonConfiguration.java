package dev.tocsin.engine.reload;

import dev.tocsin.config.AutomationSet;
import dev.tocsin.config.settings.EffectiveSettings;
import java.util.function.Supplier;

/**
 * The configuration with which a daemon is started, and its source for reloads.
 *
 * @param effective its settings; without errors
 * @param automations read under these settings; without errors
 * @param source reads the settings again; may block
 * @param allowsEmpty whether the start may remove all automations that were in force
 */
public record DaemonConfiguration(
    EffectiveSettings effective,
    AutomationSet automations,
    Supplier<EffectiveSettings> source,
    boolean allowsEmpty) {}
