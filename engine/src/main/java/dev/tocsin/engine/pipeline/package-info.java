/** From intake to webhook: the one reactive chain, one class a step. */
@NullMarked
package dev.tocsin.engine.pipeline;

import org.jspecify.annotations.NullMarked;
