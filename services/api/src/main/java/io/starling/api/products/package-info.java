/**
 * Products, and their devices as a fleet: pages, filters, making devices in bulk, adding and
 * removing them, and groups.
 *
 * <p>{@code POST …/devices} takes {@code id}, {@code ids}, or a file with one id a line (at most
 * 10,000), which is read as it comes. Lists are filtered by how id, name and serial number begin
 * and by group; {@code serial_number} is the product's to set. What a product sets about a device
 * is its owner's to say, whoever owns the device.
 *
 * <p>{@code PUT /v1/products/:product/permissions} takes all rules of a product at once, {@code
 * {"permissions":[{"effect":"allow","action":"publish","filter":"%device%/#"}]}}: effect {@code
 * allow} or {@code deny}, action {@code publish}, {@code subscribe} or {@code all}, and a topic
 * filter in which {@code %device%} stands for the device's id and {@code %product%} for the
 * product's number. One that denies wins; where any allows, the rest of that action is not; no
 * rules allow everything. A subscription is refused if anything that it can match is denied, or if
 * no single rule allows all of it. Apps, which come with a token, are the account's and not bound.
 * At most 50 rules; what is not understood is refused, since it might deny something.
 *
 * <p>{@code POST /v1/products/:product/authorities} takes a {@code certificate} of an authority and
 * a {@code proof}, both in PEM form: a certificate that the authority has signed for the common
 * name that {@code GET} tells as {@code proof_name}. Devices of the product may then come with
 * certificates of that authority. While {@code settings.quarantine} of the product is on ({@code
 * PUT}), devices that nobody knows are registered when they come with one, and are listed with
 * {@code quarantined}; {@code POST …/devices {id}} approves, {@code DELETE …/devices/:device
 * {deny:true}} refuses for good, without {@code deny} it is forgotten. Off, they are refused.
 */
@NullMarked
package io.starling.api.products;

import org.jspecify.annotations.NullMarked;
