package io.starling.http;

import io.starling.contract.AccountId;
import io.starling.contract.Scope;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, as the token tells.
 *
 * @param tokenHash SHA-256 of the token, 64 hexadecimal digits
 * @param client the OAuth client it was made for
 * @param expiresAt null if it never expires
 * @param product the only one that the token is for; 0 for all that is the account's
 * @param scopes all that the token is for; null for all that its account may do
 */
public record Principal(
    AccountId account,
    String tokenHash,
    String client,
    @Nullable Instant expiresAt,
    int product,
    @Nullable Set<Scope> scopes) {}
