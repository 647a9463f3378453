/**
 * Vitals: what devices report of their own health. They are events of the name {@code
 * spark/device/diagnostics/update} and kept as long as those of the product are; this room reads
 * them out of the history, and asks devices for new ones.
 */
@NullMarked
package io.starling.api.diagnostics;

import org.jspecify.annotations.NullMarked;
