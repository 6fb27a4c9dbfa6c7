/** YAML and JSON as nodes with their positions, and the readers of their values. */
@NullMarked
package dev.tocsin.config.document;

import org.jspecify.annotations.NullMarked;
