/** Devices: made in a product, claimed, named, released. */
@NullMarked
package io.starling.accounts.device;

import org.jspecify.annotations.NullMarked;
