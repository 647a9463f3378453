/**
 * From the journal into {@code relay.event}: batches with their cursor in the same transaction, so
 * that each event is one row, whatever dies on the way.
 */
@NullMarked
package io.starling.relay.drain;

import org.jspecify.annotations.NullMarked;
