/**
 * The text forms that all modules share: events and firings as JSON, times (RFC 3339), problems
 * with their place, suggestions for a misspelled name.
 */
@NullMarked
package dev.tocsin.wire;

import org.jspecify.annotations.NullMarked;
