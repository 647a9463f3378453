/**
 * Secrets of accounts: the table {@code accounts.secret}, with values that the {@code seal} room
 * sealed. Nobody who asks over the API is ever told a value; services are, that use it for the
 * account ({@code SecretReader} in {@code shared/bootstrap}), and it is noted to the minute when.
 * An account has at most a hundred. They are not in the directory: without a database none can be
 * read.
 */
@NullMarked
package io.starling.accounts.secret;

import org.jspecify.annotations.NullMarked;
