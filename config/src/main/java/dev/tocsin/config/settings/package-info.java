/** Settings from files, the environment and flags. */
@NullMarked
package dev.tocsin.config.settings;

import org.jspecify.annotations.NullMarked;
