/**
 * One virtual device: an MQTT client (3.1.1 and 5) that counts and remembers what was acknowledged.
 *
 * <p>Promises: a publish completes as accepted only when the server's acknowledgement arrived; what
 * is in flight and what waits is bounded; a lost connection is tried again with exponential
 * back-off and full jitter, except when another connection took the session over. Everything of a
 * device happens on one event loop; its public methods may be called from any thread.
 */
@NullMarked
package io.starling.testing.client;

import org.jspecify.annotations.NullMarked;
