/**
 * People and their tokens: signing up, who am I, changing and deleting oneself, mailed links and
 * the pages they lead to, one-time passwords, which tokens there are, revoking. A wrong password is
 * never a 401, after which Particle's tools forget their token; but for the list of tokens, which
 * comes without one. Nothing tells whether somebody is known but signing up.
 */
@NullMarked
package io.starling.api.users;

import org.jspecify.annotations.NullMarked;
