/** People: sign-up and passwords, and the limit on guessing them. */
@NullMarked
package io.starling.accounts.user;

import org.jspecify.annotations.NullMarked;
