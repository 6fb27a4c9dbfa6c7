/** Hostile senders, receivers, disks, clocks and folders against the real daemon. */
@NullMarked
package dev.tocsin.engine.attack;

import org.jspecify.annotations.NullMarked;
