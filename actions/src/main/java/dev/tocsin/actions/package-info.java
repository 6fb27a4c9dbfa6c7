/**
 * What a firing causes: action records, templates, webhooks, and their events.
 *
 * <p>Deciding is pure; only the webhook client does I/O, and it never throws: an outcome is a
 * value.
 */
@NullMarked
package dev.tocsin.actions;

import org.jspecify.annotations.NullMarked;
