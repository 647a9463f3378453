package io.starling.accounts.token;

import io.starling.contract.AccountId;
import io.starling.contract.OAuthRequest;
import io.starling.contract.PeopleReply;
import io.starling.directory.Secrets;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Issuing, refreshing and revoking tokens, within transactions of the caller. */
public final class Tokens {
  /**
   * That many characters of a refresh token name its family and stay; the others change with each
   * use. So one row tells a token that was used before from one that never was.
   */
  private static final int NAME = 16;

  private final InstantSource clock;
  private final TokenStore tokens = new TokenStore();
  private final FamilyStore families = new FamilyStore();
  private final UseStore uses = new UseStore();

  /** Tokens that begin to live by this clock. */
  public Tokens(InstantSource clock) {
    this.clock = clock;
  }

  /** Issues an access token that none follows. */
  public Future<Issued> issue(SqlConnection connection, Grant grant) {
    return issue(connection, grant, null, null);
  }

  /** Issues an access token, and a refresh token unless the former never ends. */
  public Future<Issued> issueRefreshed(SqlConnection connection, Grant grant) {
    if (!grant.isRefreshed()) {
      return issue(connection, grant);
    }
    String refresh = Secrets.newToken();
    String family = family(refresh);
    return families
        .insert(
            connection,
            family,
            new FamilyStore.Family(Secrets.hash(refresh), grant, refreshUntil(grant)))
        .compose(_ -> issue(connection, grant, family, refresh));
  }

  private Future<Issued> issue(
      SqlConnection connection,
      Grant grant,
      @Nullable String family,
      @Nullable String refreshToken) {
    String token = Secrets.newToken();
    @Nullable Long expires =
        grant.lifetimeSeconds() == 0
            ? null
            : clock.millis() + Math.multiplyExact(grant.lifetimeSeconds(), 1000L);
    return tokens
        .insert(connection, token, grant, expires, family)
        .map(new Issued(grant.account(), token, expires, refreshToken));
  }

  /**
   * Exchanges a refresh token for an access token, which replaces the one before, and the next
   * refresh token. One that was used before revokes its whole family (RFC 9700, section 4.14.2): it
   * cannot be told which of the two who have it is the thief.
   *
   * @param client who shows it; it is good for no other than whom it was given to
   * @return empty if it is not good
   */
  public Future<Optional<Issued>> refresh(
      SqlConnection connection, String refreshToken, String client) {
    String id = family(refreshToken);
    return families
        .lock(connection, id)
        .compose(
            found ->
                found
                    .map(family -> refresh(connection, id, family, refreshToken, client))
                    .orElseGet(() -> Future.succeededFuture(Optional.empty())));
  }

  private Future<Optional<Issued>> refresh(
      SqlConnection connection,
      String id,
      FamilyStore.Family family,
      String refreshToken,
      String client) {
    if (!Secrets.matches(refreshToken, family.refreshHash())) {
      return families.delete(connection, id).map(Optional.empty());
    }
    var grant = family.grant();
    if (!grant.client().equals(client) || !clock.instant().isBefore(family.expiresAt())) {
      return Future.succeededFuture(Optional.empty());
    }
    String next = refreshToken.substring(0, NAME) + Secrets.newToken().substring(NAME);
    return families
        .rotate(connection, id, Secrets.hash(next), refreshUntil(grant))
        .compose(_ -> issue(connection, grant, id, next))
        .map(Optional::of);
  }

  private Instant refreshUntil(Grant grant) {
    return clock.instant().plus(grant.refreshLifetime());
  }

  /** The name of the family that a refresh token is of. */
  public static String family(String refreshToken) {
    return Secrets.hash(refreshToken.substring(0, Math.min(NAME, refreshToken.length())));
  }

  /** The good tokens of an account, newest first, up to a thousand. */
  public Future<List<PeopleReply.TokenLine>> list(SqlConnection connection, AccountId account) {
    return tokens.list(connection, account);
  }

  /** Revokes a token of either kind with its family, if it is there. */
  public Future<Void> revoke(SqlConnection connection, String hash) {
    return families.deleteOf(connection, hash).compose(_ -> tokens.delete(connection, hash));
  }

  /** Revokes the same if it is this client's. */
  public Future<Void> revoke(SqlConnection connection, String hash, String client) {
    return tokens
        .isOf(connection, hash, client)
        .compose(own -> own ? revoke(connection, hash) : Future.succeededFuture());
  }

  /** Revokes a family with its tokens, if it is there. */
  public Future<Void> revokeFamily(SqlConnection connection, String family) {
    return families.delete(connection, family);
  }

  /** Notes when tokens were used, each at most once in ten minutes. */
  public Future<Void> noteUses(SqlConnection connection, OAuthRequest.NoteUses noted) {
    return uses.note(connection, noted.tokenHashes(), Instant.ofEpochMilli(noted.usedAtMillis()));
  }

  /** Revokes all tokens of an account. */
  public Future<Void> revokeAll(SqlConnection connection, AccountId account) {
    return families
        .deleteAll(connection, account)
        .compose(_ -> tokens.deleteAll(connection, account));
  }

  /** Lets nothing follow the access tokens of an account. */
  public Future<Void> endRefreshing(SqlConnection connection, AccountId account) {
    return families.end(connection, account);
  }

  /** Revokes what acts for a client's product, and what it could refresh. */
  public Future<Void> revokeOfClient(SqlConnection connection, String client) {
    return families
        .deleteOfClient(connection, client)
        .compose(_ -> tokens.deleteOfClient(connection, client));
  }

  /** Removes up to a thousand tokens, and families, that expired over a day ago. */
  public Future<Void> deleteExpired(SqlConnection connection) {
    return tokens.deleteExpired(connection).compose(_ -> families.deleteExpired(connection));
  }
}
