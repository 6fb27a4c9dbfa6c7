/** The command line. */
@NullMarked
package dev.tocsin.engine.cli;

import org.jspecify.annotations.NullMarked;
