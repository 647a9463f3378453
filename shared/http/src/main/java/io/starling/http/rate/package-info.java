/**
 * How often somebody may ask: token buckets by address, token and account, and failures in a row.
 *
 * <p>Each process counts for itself, so n nodes behind one name allow up to n times a rate. That is
 * meant for rates, which keep load away: a counter that all nodes share would cost each request a
 * question. It is not for guessing passwords and secrets of clients: an attempt counts as a failure
 * from its beginning (so many at once gain nothing), each failure is told to all other nodes, and
 * {@link io.starling.http.rate.FailedAttempts} blocks an address on all of them. A hint that is
 * lost costs some guesses more, at most n times as many; nobody's place sends more hints than it
 * may have failures. Wrong bearer tokens do not block: they have 160 random bits, and behind the
 * address of a page with an old token may be a whole office; the rate by address bounds them.
 *
 * <p>IPv6 is counted by /64, what one customer has at least. Memory is bounded: each rule knows the
 * last {@link io.starling.http.rate.Buckets#MAX_KEYS} who came; who has more addresses than that
 * gains nothing by being forgotten, since each new one has its own bucket anyway. Clocks are
 * monotonic.
 */
@NullMarked
package io.starling.http.rate;

import org.jspecify.annotations.NullMarked;
