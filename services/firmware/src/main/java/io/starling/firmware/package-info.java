/**
 * The firmware service: what devices are to run, and how it gets to them.
 *
 * <p>Rooms: {@code image} (what a file of firmware says of itself, and whether that is true),
 * {@code blob} (content by its hash, on disk). Both work without any database.
 */
@NullMarked
package io.starling.firmware;

import org.jspecify.annotations.NullMarked;
