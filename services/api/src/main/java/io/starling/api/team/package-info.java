/**
 * What the teams of products and of organizations have in common: how their members are shown, and
 * API users, who are made, renewed and told their one token. Nobody gives scopes that he does not
 * have himself.
 */
@NullMarked
package io.starling.api.team;

import org.jspecify.annotations.NullMarked;
