/**
 * Triggers over known entries, without a daemon: tests and recordings. No action is carried out.
 */
@NullMarked
package dev.tocsin.engine.replay;

import org.jspecify.annotations.NullMarked;
