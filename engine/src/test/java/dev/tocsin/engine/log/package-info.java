@NullMarked
package dev.tocsin.engine.log;

import org.jspecify.annotations.NullMarked;
