/** YAML and JSON as nodes that know where they stand, and the readers of their values. */
@NullMarked
package dev.tocsin.config.document;

import org.jspecify.annotations.NullMarked;
