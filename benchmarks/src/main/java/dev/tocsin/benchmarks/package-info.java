/**
 * Measurements of Tocsin. Each compares two sides in one run, and their answers before their speed.
 */
@NullMarked
package dev.tocsin.benchmarks;

import org.jspecify.annotations.NullMarked;
