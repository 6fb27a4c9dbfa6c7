/**
 * YAML and JSON into automations and settings.
 *
 * <p>Every problem is found in one run, each with file, line, column, path, what is wrong, the
 * bound and the value.
 */
@NullMarked
package dev.tocsin.config;

import org.jspecify.annotations.NullMarked;
