/**
 * What was done to a cloud and what came of it: every publish and call with its outcome, everything
 * that each sink received, who owned which device, how long each fault lasted.
 *
 * <p>Owns the recorders, which many threads fill, and the records that they end in. Judges nothing:
 * that is the room {@code check}. Times are {@link System#nanoTime} of the one JVM that recorded.
 */
@NullMarked
package io.starling.testing.history;

import org.jspecify.annotations.NullMarked;
