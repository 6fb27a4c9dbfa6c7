/** What an operator can measure: every meter by name, and the one place that counts. */
@NullMarked
package dev.tocsin.engine.metrics;

import org.jspecify.annotations.NullMarked;
