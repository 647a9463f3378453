/**
 * What was used: events and their bytes, by hour or day, as the relays count them when they store
 * events. Each event counts once; while the database is away nothing is counted, and all of it is
 * as soon as the events are stored. What has not happened is left out.
 */
@NullMarked
package io.starling.api.usage;

import org.jspecify.annotations.NullMarked;
