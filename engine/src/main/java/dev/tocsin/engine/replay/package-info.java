/**
 * The triggers over entries that are given, not awaited: tests and recordings. Nothing goes out.
 */
@NullMarked
package dev.tocsin.engine.replay;

import org.jspecify.annotations.NullMarked;
