/** From the outbox to the actions: a lane for each destination. */
@NullMarked
package dev.tocsin.engine.delivery;

import org.jspecify.annotations.NullMarked;
