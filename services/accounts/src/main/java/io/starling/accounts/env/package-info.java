/**
 * Environment variables: the table {@code accounts.env}, a row for each account, product and device
 * that has any. A change is a draft; a rollout makes of the draft of one scope what devices are
 * told. All of it is configuration and stands in the directory of every node, so it is bounded, per
 * scope and per account. A scope is of the account whose topic space it is in: a device that comes
 * to another account has none of its variables there.
 */
@NullMarked
package io.starling.accounts.env;

import org.jspecify.annotations.NullMarked;
