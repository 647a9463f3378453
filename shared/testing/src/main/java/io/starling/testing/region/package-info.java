/**
 * {@code scripts/region}: a whole region on this machine, to play with: nodes as detached processes
 * on loopback addresses of their own (or, for root, in network namespaces), their database, and the
 * faults that one may do to them.
 *
 * <p>Owns one folder: {@code region.json} (what the region is made of), {@code demo.env}, {@code
 * database}, and a folder for each node with its pid file, its log and its data. Promises that no
 * process is touched which it did not start, and that {@code stop} leaves none behind, nor a
 * namespace. Knows of Starling what a launcher knows: settings, health, metrics.
 */
@NullMarked
package io.starling.testing.region;

import org.jspecify.annotations.NullMarked;
