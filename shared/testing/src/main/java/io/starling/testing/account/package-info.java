/**
 * The account with which the tools speak to Starling: what a first start left in {@code demo.env},
 * and the few REST calls that the tools need.
 *
 * <p>Owns the file {@code fleet-devices} beside it (mode 600), in which devices made for a fleet
 * are kept for the next run. Passwords, tokens and secrets are never printed.
 */
@NullMarked
package io.starling.testing.account;

import org.jspecify.annotations.NullMarked;
