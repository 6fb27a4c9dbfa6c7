/**
 * The engine under {@code Template}.
 *
 * <p>Jinjava gives the syntax: it splits a template into text, tags and expressions and parses
 * these. What it parsed is checked and turned into {@link Part parts} and {@link Expression
 * expressions} of our own, which know a closed set of values (text, numbers, booleans, maps, lists),
 * filters, tests and methods. So no template reaches a Java class, a clock or a file, none runs longer
 * than its {@link Rendition} allows, and every value that is missing is known by its path.
 */
@NullMarked
package dev.tocsin.actions.template;

import org.jspecify.annotations.NullMarked;
