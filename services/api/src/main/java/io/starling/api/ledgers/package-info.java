/**
 * Ledgers: {@code /v1/ledgers…}. Definitions, and the instances that people write, are answered
 * from the directory, also with the database down; what devices reported and what was replaced
 * comes from the accounts service. Each write of an instance gives it a version, which is its
 * {@code ETag} too: with {@code If-Match}, or {@code version} beside {@code data}, it is written
 * only if that is still so. Ledgers belong to the account whose token asks, or to an organization,
 * {@code /v1/orgs/:org/ledgers…}; a product has instances in those of its owner and none of its
 * own.
 */
@NullMarked
package io.starling.api.ledgers;

import org.jspecify.annotations.NullMarked;
