/**
 * The text forms that every host shares: events and firings as JSON, times of RFC 3339, problems
 * with their place, suggestions for a misspelled name.
 */
@NullMarked
package dev.tocsin.wire;

import org.jspecify.annotations.NullMarked;
