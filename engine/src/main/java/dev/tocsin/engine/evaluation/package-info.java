/** The meaning of each entry of the journal, for every host that evaluates entries. */
@NullMarked
package dev.tocsin.engine.evaluation;

import org.jspecify.annotations.NullMarked;
