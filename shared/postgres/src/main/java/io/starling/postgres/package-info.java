/**
 * Access to the operational database: a pool that follows the primary, and migrations.
 *
 * <p>Owns the schema {@code starling} with its one table, {@code starling.term}. Promises: work
 * goes only to the writable server with the highest term, and to none with a lower term than was
 * ever seen here, so that a primary which comes back after it was replaced is never written to;
 * every call ends by its deadline; without a primary, calls fail at once and work again within
 * about a second of its return, with no restart. Refuses to hide errors: what a statement did wrong
 * stays a {@code PgException} with its SQLSTATE, what the machinery could not do is {@code
 * DatabaseUnavailable}.
 */
@NullMarked
package io.starling.postgres;

import org.jspecify.annotations.NullMarked;
