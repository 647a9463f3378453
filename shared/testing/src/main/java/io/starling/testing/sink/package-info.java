/**
 * Where events arrive: a webhook endpoint that records and misbehaves on demand, and a reader of
 * server-sent events.
 *
 * <p>Both keep what they received, thread-safe and bounded, in the order of arrival; beyond the
 * bound they count only. Both listen or read on real sockets, never on fixed ports.
 */
@NullMarked
package io.starling.testing.sink;

import org.jspecify.annotations.NullMarked;
