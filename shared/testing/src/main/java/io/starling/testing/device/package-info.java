/**
 * {@code scripts/device}: one virtual device that a person can watch and call, or a fleet with a
 * rate and a report.
 */
@NullMarked
package io.starling.testing.device;

import org.jspecify.annotations.NullMarked;
