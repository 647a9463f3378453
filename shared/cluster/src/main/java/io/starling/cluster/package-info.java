/**
 * The region's cluster: a Vert.x whose event bus and soft maps span the region's processes, on
 * Hazelcast. The only module that knows Hazelcast; services see a {@code Vertx} and nothing else.
 *
 * <p>Owns: membership, failure detection (architecture, section 11), who serves which address of
 * the bus (each process tells all others; nobody's partition has to be asked), the map of sessions,
 * its copies and how they merge. Promises: processes of another name, region, wire version or
 * Hazelcast version never mix; a member that dies is out within a second; one that is silent is not
 * asked after two and a half seconds, and again with its first word; after five it is out, and is
 * back with merged maps some seconds after it wakes. On busy cores that now and then parts members
 * that are healthy, as heartbeats come late: the bus between them goes on ({@link Pulse}).
 *
 * <p>Refuses, on purpose, Hazelcast's split-brain protection: it would make the smaller side, and
 * the first node of a cold start, unable to write soft state that needs no quorum. Every entry
 * carries an epoch or a term, its reader is fenced by it (a gateway answers "moved", a relay "not
 * the leader"), and after a split the highest wins. What needs a majority stands in the journal.
 */
@NullMarked
package io.starling.cluster;

import org.jspecify.annotations.NullMarked;
