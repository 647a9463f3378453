/**
 * Real processes: starts a child JVM or program, waits until it is ready, reads what it costs,
 * freezes it and kills it, each by its own process id.
 *
 * <p>Promises that no child outlives this JVM's orderly end (Ctrl-C included). Linux only where it
 * reads {@code /proc}.
 */
@NullMarked
package io.starling.testing.process;

import org.jspecify.annotations.NullMarked;
