/**
 * {@code POST /oauth/token}, a token for a password, a one-time password or a product's client; and
 * the clients that people make, beside those that Particle's tools name. Other grants are refused
 * until there is something behind them.
 */
@NullMarked
package io.starling.api.oauth;

import org.jspecify.annotations.NullMarked;
