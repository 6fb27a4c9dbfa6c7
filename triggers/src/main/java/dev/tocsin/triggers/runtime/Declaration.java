package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.Trigger;

/**
 * A trigger as an automation declares it.
 *
 * @param automation id of the automation, once in a runtime
 * @param trigger what it watches for
 * @param enabled whether it is switched on, as long as nothing has switched it since
 */
public record Declaration(String automation, Trigger trigger, boolean enabled) {}
