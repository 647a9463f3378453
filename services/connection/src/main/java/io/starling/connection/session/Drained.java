package io.starling.connection.session;

/**
 * What a drain came to.
 *
 * @param clients that were connected when it began
 * @param left of those, when its time was over
 */
public record Drained(int clients, int left) {}
