/** Holds the documentation and the examples to the code. */
@NullMarked
package dev.tocsin.engine.docs;

import org.jspecify.annotations.NullMarked;
