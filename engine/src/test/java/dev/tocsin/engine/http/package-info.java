/** The HTTP server over real ports. */
@NullMarked
package dev.tocsin.engine.http;

import org.jspecify.annotations.NullMarked;
