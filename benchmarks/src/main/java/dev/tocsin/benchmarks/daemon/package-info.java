/** Measurements of the running daemon. */
@NullMarked
package dev.tocsin.benchmarks.daemon;

import org.jspecify.annotations.NullMarked;
