/** The log of the process: bounded, and never in the way of what it reports. */
@NullMarked
package dev.tocsin.engine.log;

import org.jspecify.annotations.NullMarked;
