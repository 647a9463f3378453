/**
 * {@code POST /oauth/token}: a password for a token. Knows the clients that Particle's tools name;
 * other grants are refused until there is something behind them.
 */
@NullMarked
package io.starling.api.oauth;

import org.jspecify.annotations.NullMarked;
