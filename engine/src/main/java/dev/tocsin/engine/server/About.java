package dev.tocsin.engine.server;

import java.time.Instant;

/**
 * What a daemon says about itself.
 *
 * @param version of the program
 * @param started when it began to listen
 * @param store kind and place of its store
 */
public record About(String version, Instant started, String store) {}
