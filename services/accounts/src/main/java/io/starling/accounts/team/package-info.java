/**
 * Who works on a product beside its owner: people by a role, and API users, which are accounts of
 * their own that nobody can log in to, by scopes and one token that never expires. Owns {@code
 * accounts.member}, and the accounts of kind {@code program}, those of organizations too. Whether
 * the caller may change a team is decided before; what nobody may give, {@code SELF} and {@code
 * TOKEN}, is refused here too.
 */
@NullMarked
package io.starling.accounts.team;

import org.jspecify.annotations.NullMarked;
