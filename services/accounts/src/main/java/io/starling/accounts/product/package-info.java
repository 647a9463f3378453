/**
 * Products: made, and what their devices may publish and subscribe to.
 *
 * <p>Permissions are replaced all at once, so that no device ever lives under half of a change;
 * gateways hold them in the directory and decide by themselves.
 */
@NullMarked
package io.starling.accounts.product;

import org.jspecify.annotations.NullMarked;
