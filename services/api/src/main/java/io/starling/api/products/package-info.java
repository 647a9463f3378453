/** Products, and their devices as a fleet: pages, filters, and making devices in bulk. */
@NullMarked
package io.starling.api.products;

import org.jspecify.annotations.NullMarked;
