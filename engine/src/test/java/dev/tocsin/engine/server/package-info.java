/** The HTTP server over real ports. */
@NullMarked
package dev.tocsin.engine.server;

import org.jspecify.annotations.NullMarked;
