/**
 * Counting what accounts, products and devices use beside events: sums in memory, brought to the
 * relays every ten seconds. Nothing that is counted waits for it. Each sum counts once, however
 * often it is sent; while the database is away the sums stand, and those of devices are folded into
 * their products' when they become too many. A process that is killed takes the last ten seconds
 * with it.
 */
@NullMarked
package io.starling.bootstrap.usage;

import org.jspecify.annotations.NullMarked;
