/** The triggers over given entries. */
@NullMarked
package dev.tocsin.engine.replay;

import org.jspecify.annotations.NullMarked;
