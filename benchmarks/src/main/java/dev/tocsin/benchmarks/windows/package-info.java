/** Measurements of windows and absences with many keys. */
@NullMarked
package dev.tocsin.benchmarks.windows;

import org.jspecify.annotations.NullMarked;
