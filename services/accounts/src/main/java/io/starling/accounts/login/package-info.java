/** Logging in: a password becomes a token. */
@NullMarked
package io.starling.accounts.login;

import org.jspecify.annotations.NullMarked;
