/**
 * Limits that need nothing but a clock: how fast and how many may come, by address, by name and
 * altogether, before anything is known of them and after. Nothing in here waits or closes anything;
 * it says how long somebody else has to wait, or that it is too many.
 *
 * <p>Promises: every table is bounded, and forgets what is long past; an IPv6 network of 64 bits
 * counts as one address; times are passed in, so that tests step them.
 */
@NullMarked
package io.starling.connection.guard;

import org.jspecify.annotations.NullMarked;
