package io.starling.accounts.token;

import io.starling.contract.AccountId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * For whom a token acts, and within which limits. A token that follows another has the same grant.
 *
 * @param product the only one that it is for; {@link #ALL} for all that is its account's
 * @param lifetimeSeconds 0 for ever
 * @param scopes all that it is for; none for all that its account may do
 */
public record Grant(
    AccountId account, int product, String client, long lifetimeSeconds, List<String> scopes) {
  /** No limit to one product. */
  public static final int ALL = 0;

  private static final Duration REFRESH_FOR_A_PRODUCT = Duration.ofDays(14);
  // Twice as long as an access token lives unless another time is asked for.
  private static final Duration REFRESH_FOR_A_PERSON = Duration.ofDays(180);

  /** For all that the account may do. */
  public Grant(AccountId account, int product, String client, long lifetimeSeconds) {
    this(account, product, client, lifetimeSeconds, List.of());
  }

  /** As the database has it. */
  String @Nullable [] scopeColumn() {
    return scopes.isEmpty() ? null : scopes.toArray(String[]::new);
  }

  /** Whether another token can follow: nothing does where the first never ends. */
  boolean isRefreshed() {
    return lifetimeSeconds > 0;
  }

  /** How long a refresh token waits to be used. */
  Duration refreshLifetime() {
    return product == ALL ? REFRESH_FOR_A_PERSON : REFRESH_FOR_A_PRODUCT;
  }
}
