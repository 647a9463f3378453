/**
 * Organizations (tables {@code accounts.organization} and {@code accounts.organization_member}, and
 * accounts of kind {@code organization}): an account that nobody can log in to and that owns
 * products, so that their topic space is the organization's, whoever comes and goes. Its members
 * have a role in each of its products. There is always an owner. Whether the caller may change it
 * is looked at by who asks.
 */
@NullMarked
package io.starling.accounts.organization;

import org.jspecify.annotations.NullMarked;
