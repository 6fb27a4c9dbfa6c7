/** Evaluation: entries and time in, steps out. {@link TriggerRuntime} is the only way in. */
@NullMarked
package dev.tocsin.triggers.runtime;

import org.jspecify.annotations.NullMarked;
