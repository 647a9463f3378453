/**
 * Products, and their devices as a fleet: pages, filters, and making devices in bulk.
 *
 * <p>{@code PUT /v1/products/:product/permissions} takes all rules of a product at once, {@code
 * {"permissions":[{"effect":"allow","action":"publish","filter":"%device%/#"}]}}: effect {@code
 * allow} or {@code deny}, action {@code publish}, {@code subscribe} or {@code all}, and a topic
 * filter in which {@code %device%} stands for the device's id and {@code %product%} for the
 * product's number. One that denies wins; where any allows, the rest of that action is not; no
 * rules allow everything. A subscription is refused if anything that it can match is denied, or if
 * no single rule allows all of it. Apps, which come with a token, are the account's and not bound.
 * At most 50 rules; what is not understood is refused, since it might deny something.
 */
@NullMarked
package io.starling.api.products;

import org.jspecify.annotations.NullMarked;
