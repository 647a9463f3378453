/**
 * {@code scripts/bench}: what Starling costs, against a bare server that only acknowledges, in the
 * same run on the same machine.
 *
 * <p>Each server is a process of its own; what it costs is read from {@code /proc}. Writes a table,
 * and JSON with the machine, the flags and every repetition. Ends all processes it has started, by
 * their ids, however it ends.
 */
@NullMarked
package io.starling.testing.bench;

import org.jspecify.annotations.NullMarked;
