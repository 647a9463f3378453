/**
 * The customers of products: made and let in by the product's OAuth clients, listed and changed by
 * those who work on the product. What a customer may ask is decided by {@code access}.
 */
@NullMarked
package io.starling.api.customers;

import org.jspecify.annotations.NullMarked;
