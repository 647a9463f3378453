/**
 * Products: made, what their devices may publish and subscribe to, and whose certificates are taken
 * from those.
 *
 * <p>Permissions are replaced all at once, so that no device ever lives under half of a change;
 * gateways hold them in the directory and decide by themselves. An authority belongs to one
 * product: whoever adds it proves with a certificate for {@code starling-product-<number>} that he
 * has its key. At most 10 for a product.
 */
@NullMarked
package io.starling.accounts.product;

import org.jspecify.annotations.NullMarked;
