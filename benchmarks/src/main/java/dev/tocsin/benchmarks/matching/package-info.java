/** Measurements of matching. */
@NullMarked
package dev.tocsin.benchmarks.matching;

import org.jspecify.annotations.NullMarked;
