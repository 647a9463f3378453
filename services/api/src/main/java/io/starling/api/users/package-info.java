/** People and their tokens: signing up, who am I, which token is this, revoking. */
@NullMarked
package io.starling.api.users;

import org.jspecify.annotations.NullMarked;
