/**
 * Reads images of firmware as they are uploaded: those for MCUboot, with all that they say of
 * themselves, and plain ones, of which nothing is known but their bytes.
 *
 * <p>Promises: nothing of an image is believed before its digest is computed from its bytes; a
 * damaged or hostile file ends in words for whoever uploaded it, never in an exception, and costs
 * no more memory than one buffer. Refuses images that are encrypted: what they are cannot be
 * checked.
 */
@NullMarked
package io.starling.firmware.image;

import org.jspecify.annotations.NullMarked;
