/**
 * {@code scripts/chaos}: does seeded faults to a region while devices publish, apps call and sinks
 * receive, waits after each until all is normal, and judges the history in the end. With {@code
 * --outage} it plays one scene instead: no database for minutes, a node started meanwhile, and the
 * way back.
 *
 * <p>Promises that the same seed plans the same faults, in the same order, at the same nodes; when
 * they strike depends on how fast the region recovers. One fault at a time, so that a majority of
 * nodes is always there. Refuses nothing of a region but to be judged: what it finds is told in
 * full in a file.
 */
@NullMarked
package io.starling.testing.chaos;

import org.jspecify.annotations.NullMarked;
