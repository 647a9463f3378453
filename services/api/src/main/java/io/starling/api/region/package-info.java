/**
 * What the edge asks of its region: configuration writes, who holds a device, and the gateway that
 * does. Every question carries a deadline; nothing is asked twice that might have been done.
 */
@NullMarked
package io.starling.api.region;

import org.jspecify.annotations.NullMarked;
