@NullMarked
package dev.tocsin.triggers;

import org.jspecify.annotations.NullMarked;
