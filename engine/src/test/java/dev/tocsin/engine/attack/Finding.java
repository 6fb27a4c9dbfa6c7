package dev.tocsin.engine.attack;

import java.time.Duration;

/**
 * What one attack did.
 *
 * @param attack its name
 * @param megabytes the heap of the daemon
 * @param took until it ended
 * @param recovered from its end until the daemon was well
 * @param worstProbe the longest answer of {@code /health} and {@code /ready} meanwhile
 * @param worstPost the longest answer to a small event meanwhile
 * @param lines of log that it caused
 * @param fault what is wrong; empty if nothing is
 */
record Finding(
    String attack,
    int megabytes,
    Duration took,
    Duration recovered,
    Duration worstProbe,
    Duration worstPost,
    long lines,
    String fault) {}
