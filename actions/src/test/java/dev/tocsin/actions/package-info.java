@NullMarked
package dev.tocsin.actions;

import org.jspecify.annotations.NullMarked;
