/**
 * Jinjava, fenced in for {@code Template}.
 *
 * <p>Jinjava parses and renders. Added around it: a {@link Syntax grammar} that refuses unknown
 * names when a template is loaded and whose nodes know the path they read, a {@link Members
 * resolver} that reaches nothing but maps, lists and texts, and a {@link Rendition} that counts.
 */
@NullMarked
package dev.tocsin.actions.template;

import org.jspecify.annotations.NullMarked;
