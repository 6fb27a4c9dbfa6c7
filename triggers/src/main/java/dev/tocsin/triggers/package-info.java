/**
 * Events and time in, firings out.
 *
 * <p>Nothing here reads a clock, starts a thread, does I/O or draws a random number: {@code now} is
 * always an argument, so the daemon, a replay and a test are the same code with other sources.
 * Semantics: {@code docs/triggers.md}.
 */
@NullMarked
package dev.tocsin.triggers;

import org.jspecify.annotations.NullMarked;
