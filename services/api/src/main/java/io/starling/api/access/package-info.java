/**
 * What of the caller's a path names, and what the token of a product's client, or of its customer,
 * reaches. What belongs to another account is answered exactly as what does not exist.
 */
@NullMarked
package io.starling.api.access;

import org.jspecify.annotations.NullMarked;
