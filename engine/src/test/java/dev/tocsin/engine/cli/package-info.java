/** The commands as a person runs them. */
@NullMarked
package dev.tocsin.engine.cli;

import org.jspecify.annotations.NullMarked;
