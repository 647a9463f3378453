/**
 * Devices: listing, looking, naming, claiming, asking others for theirs, and the way of a call.
 * Each path has a twin below the product that the device is in.
 *
 * <p>A device that is not connected is answered for at once; one that is silent when its time is
 * up. Functions are never called twice.
 */
@NullMarked
package io.starling.api.devices;

import org.jspecify.annotations.NullMarked;
