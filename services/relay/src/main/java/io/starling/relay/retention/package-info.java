/**
 * How long events are kept: in {@code relay.event}, one tree of daily partitions for each time that
 * a product may choose, and one for all that have not chosen. Where an event stands is decided when
 * it is drained, so another choice counts from then on and not for what is there already.
 *
 * <p>Each relay looks after the trees, one at a time: it makes the next day's partitions before
 * they are needed, and drops those that are over. It waits for no lock longer than a moment, so
 * that nobody who reads or writes waits for it; what could not be done is done at a later turn.
 */
@NullMarked
package io.starling.relay.retention;

import org.jspecify.annotations.NullMarked;
