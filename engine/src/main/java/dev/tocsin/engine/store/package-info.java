/** The journal, firings, the outbox and checkpoints, each change in one transaction. */
@NullMarked
package dev.tocsin.engine.store;

import org.jspecify.annotations.NullMarked;
