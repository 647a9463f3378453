/**
 * OAuth clients of people and products, their secrets kept as SHA-256 of what is long and random.
 * Owns {@code accounts.client}. A product's client acts for its product alone, whoever owns it.
 */
@NullMarked
package io.starling.accounts.client;

import org.jspecify.annotations.NullMarked;
