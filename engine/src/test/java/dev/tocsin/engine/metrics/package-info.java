/** The meters. */
@NullMarked
package dev.tocsin.engine.metrics;

import org.jspecify.annotations.NullMarked;
