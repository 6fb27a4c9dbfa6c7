/** Tests of automations as they are written in files. */
@NullMarked
package dev.tocsin.config.testing;

import org.jspecify.annotations.NullMarked;
