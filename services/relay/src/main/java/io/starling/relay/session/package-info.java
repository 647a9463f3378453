/**
 * The log of persistent sessions: the half of an MQTT session that outlives its gateway (MQTT 5,
 * section 4.1), materialised by every replica and served by the leader at {@code sessions.<node>}.
 *
 * <p>Owns the log {@code sessions}. Promises: what was answered is on disk at a majority; the
 * gateway of the highest epoch has the session; a position never goes back, so that a session which
 * moves misses nothing (and may get something twice). Keeps no messages: those are the journal's
 * shards, from where a session stands. A will stands here until it is in the journal, also when its
 * connection, its gateway and the leader of this log are gone; it may be published twice then, with
 * one id. Its delay is measured by the leader's clock. Refuses more than it can carry, and never
 * ends a session because this region was frozen or a clock jumped: who was not heard is given time
 * first.
 */
@NullMarked
package io.starling.relay.session;

import org.jspecify.annotations.NullMarked;
