/**
 * What goes on in a region while faults are done to it: devices that publish and answer, callers,
 * and the sinks at which everything arrives. All of it is recorded for {@code check}.
 *
 * <p>Behaves as careful customers do: knows all nodes and tries the next one, gives a silent
 * connection up after a few seconds, never has more than a few events without an answer. Every
 * event is a {@link io.starling.testing.fleet.Stamp}; its name is one of this run alone.
 */
@NullMarked
package io.starling.testing.workload;

import org.jspecify.annotations.NullMarked;
