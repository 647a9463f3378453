/**
 * Judges a history: each {@link io.starling.testing.check.Check} looks at all the evidence of a run
 * and names every breach of one promise, with the events concerned.
 *
 * <p>Pure: no clock, no I/O, no randomness. What a sink owes is said by its {@link
 * io.starling.testing.history.Demand}. An event without an acknowledgement may have arrived, at any
 * time, or not; one that was acknowledged must have; any may have arrived more than once.
 */
@NullMarked
package io.starling.testing.check;

import org.jspecify.annotations.NullMarked;
