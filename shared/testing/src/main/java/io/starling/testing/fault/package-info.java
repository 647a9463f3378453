/**
 * Faults on a real wire: a TCP proxy between two parties that can cut, hold, slow and refuse.
 *
 * <p>What is held stays with the sender (TCP's own flow control), so memory is bounded. It copies
 * bytes and knows no protocol.
 */
@NullMarked
package io.starling.testing.fault;

import org.jspecify.annotations.NullMarked;
