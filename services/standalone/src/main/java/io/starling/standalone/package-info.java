/**
 * The launcher: any set of services in one JVM, with an embedded PostgreSQL unless a database is
 * named; also the home of the end-to-end tests and the architecture tests.
 *
 * <p>Owns the data folder: one process at a time, and what a region fixed at its creation (the
 * number of shards) never changes there.
 */
@NullMarked
package io.starling.standalone;

import org.jspecify.annotations.NullMarked;
