/** What the daemon answers over HTTP. */
@NullMarked
package dev.tocsin.engine.http;

import org.jspecify.annotations.NullMarked;
