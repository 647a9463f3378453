/**
 * The log of retained messages (MQTT 5, section 3.3.1.3), materialised by every replica and served
 * by the leader at {@code retained.<node>}.
 *
 * <p>Owns the log {@code retained}. Promises: what was answered is on disk at a majority, and a
 * later message of a topic, whoever published it and whatever its shard, takes the place of an
 * earlier one. A gateway has a message kept here before it appends it to its shard: so whoever
 * subscribed too late to get it live finds it here. Refuses what is more than an account, or the
 * region, may keep; never throws out what it has acknowledged, until that has expired.
 */
@NullMarked
package io.starling.relay.retained;

import org.jspecify.annotations.NullMarked;
