/** The daemon's way in: {@code Main}, and the wiring of its parts. */
@NullMarked
package dev.tocsin.engine;

import org.jspecify.annotations.NullMarked;
