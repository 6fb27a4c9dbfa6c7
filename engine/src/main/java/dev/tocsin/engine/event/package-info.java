/** Events from JSON. */
@NullMarked
package dev.tocsin.engine.event;

import org.jspecify.annotations.NullMarked;
