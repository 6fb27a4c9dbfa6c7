/** Which triggers may care about an event, without asking each. */
@NullMarked
package dev.tocsin.triggers.index;

import org.jspecify.annotations.NullMarked;
