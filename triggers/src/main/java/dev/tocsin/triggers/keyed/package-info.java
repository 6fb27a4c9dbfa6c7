/**
 * Memory of keys: the state of each as bytes, the order in which keys were changed, and their
 * deadlines. It knows no trigger.
 */
@NullMarked
package dev.tocsin.triggers.keyed;

import org.jspecify.annotations.NullMarked;
