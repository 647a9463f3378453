/**
 * Libraries of sources for firmware: the tables {@code accounts.library}, {@code library_version}
 * and {@code library_blob}. Not in the directory: without a database there are none. The archives
 * stand in the database, by their SHA-256 and bounded per account, until there is a store of blobs
 * that is replicated without one. They are taken as they come: who hands them over has looked into
 * them.
 *
 * <p>An archive is told to who has a link: sealed, so that nobody makes one himself, and good for
 * an hour, since Particle's tools download without a token.
 */
@NullMarked
package io.starling.accounts.library;

import org.jspecify.annotations.NullMarked;
