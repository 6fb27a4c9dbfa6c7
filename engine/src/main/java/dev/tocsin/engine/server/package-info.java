/** What the daemon answers over HTTP. */
@NullMarked
package dev.tocsin.engine.server;

import org.jspecify.annotations.NullMarked;
