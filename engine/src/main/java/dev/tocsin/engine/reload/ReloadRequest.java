package dev.tocsin.engine.reload;

/**
 * What a reload is asked to do.
 *
 * @param by who asks, and by what, for people to read
 * @param isDryRun whether it only says what it would do
 * @param allowsEmpty whether it may remove all automations that came from files
 */
public record ReloadRequest(String by, boolean isDryRun, boolean allowsEmpty) {}
