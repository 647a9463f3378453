/**
 * Shared subscriptions (MQTT 5, section 4.8.2) over all gateways of the region. The leader of a
 * shard gives each of its events, for each group that it matches, to one gateway: in turn, by how
 * many members each has, and no more than it said that it has room for. There the member is chosen.
 *
 * <p>Promises: at least once to some member, as long as there is one and the journal keeps the
 * event; to each gateway in the order of the shard, but for what is given again. An event is open
 * until its gateway says that it is done with it. What is open at a gateway that says nothing for
 * ten seconds, does not take what it is sent, or has no member any more, is given to another one;
 * if that was the last the group is kept for half a minute, for members that come again elsewhere.
 * A group whose last member leaves in order ends at once: there is nobody to keep anything for.
 *
 * <p>Bounds: open is what the gateways have room for, and 8 MiB per gateway. A group for which
 * nobody has room falls behind, costs a position, and reads the journal when there is room again.
 *
 * <p>A new leader begins where everything was done, as a cursor says that is written every second:
 * what was given and done meanwhile comes twice. A group that is behind for longer has a cursor of
 * its own (a thousand of them per shard), so that it costs the others nothing. What has been open
 * for more than a minute holds no cursor back: it is lost if its gateway and the shard's leader die
 * together. QoS 2 is exactly once as long as the gateway lives that sent the event; with a kept
 * session that dies with its gateway it may be given to another member.
 */
@NullMarked
package io.starling.relay.share;

import org.jspecify.annotations.NullMarked;
