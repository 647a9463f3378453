/**
 * Writing configuration so that it leaves the database as a feed: one transaction, whose changes
 * the triggers of {@code starling.track} put into {@code starling.change_log}, and an answer once
 * they stand in the directory.
 */
@NullMarked
package io.starling.postgres.change;

import org.jspecify.annotations.NullMarked;
