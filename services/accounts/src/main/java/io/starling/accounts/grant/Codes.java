package io.starling.accounts.grant;

import io.starling.accounts.login.SignIns;
import io.starling.accounts.token.Grant;
import io.starling.accounts.token.Issued;
import io.starling.accounts.token.Tokens;
import io.starling.contract.OAuthReply;
import io.starling.contract.OAuthRequest;
import io.starling.directory.Secrets;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;

/** Authorization codes: made for who signs in, exchanged for tokens by their client. */
public final class Codes {
  private final ConfigurationWriter writer;
  private final SignIns signIns;
  private final Tokens tokens;
  private final CodeStore store = new CodeStore();

  /** In the writer's database. */
  public Codes(ConfigurationWriter writer, SignIns signIns, Tokens tokens) {
    this.writer = writer;
    this.signIns = signIns;
    this.tokens = tokens;
  }

  /** Makes a code. */
  public Future<OAuthReply> grant(OAuthRequest.GrantCode request) {
    String code = Secrets.newToken();
    return signIns.signedIn(
        request.who(),
        (connection, account) ->
            store
                .insert(connection, Secrets.hash(code), account, request)
                .map(new OAuthReply.CodeGranted(code)));
  }

  /** Exchanges a code. */
  public Future<OAuthReply> exchange(OAuthRequest.ExchangeCode request) {
    String hash = Secrets.hash(request.code());
    return writer
        .write(
            connection ->
                store
                    .lock(connection, hash)
                    .compose(
                        found ->
                            found
                                .filter(code -> code.client().equals(request.client()))
                                .map(code -> exchange(connection, hash, code, request))
                                .orElseGet(() -> Future.succeededFuture(Optional.empty()))))
        .map(
            written ->
                written
                    .value()
                    .<OAuthReply>map(granted -> granted.at(written.position()))
                    .orElseGet(OAuthReply.CodeInvalid::new));
  }

  private Future<Optional<Granted>> exchange(
      SqlConnection connection,
      String hash,
      CodeStore.Code code,
      OAuthRequest.ExchangeCode request) {
    if (code.used()) {
      // Who of the two was the thief cannot be told (RFC 6749, section 4.1.2).
      Future<Void> revoked =
          code.family() == null
              ? Future.succeededFuture()
              : tokens.revokeFamily(connection, code.family());
      return revoked.map(Optional.empty());
    }
    if (!code.young()
        || !code.redirectUri().equals(request.redirectUri())
        || !isAnswer(request.verifier(), code.challenge())) {
      return Future.succeededFuture(Optional.empty());
    }
    var grant =
        new Grant(
            code.account(), Grant.ALL, code.client(), request.lifetimeSeconds(), code.scopes());
    return tokens
        .issueRefreshed(connection, grant)
        .compose(
            issued ->
                store
                    .used(connection, hash, family(issued))
                    .map(Optional.of(new Granted(issued, code.scopes()))));
  }

  private static String family(Issued issued) {
    if (issued.refreshToken() == null) {
      throw new IllegalStateException("nothing that a person grants lives for ever");
    }
    return Tokens.family(issued.refreshToken());
  }

  /** RFC 7636, section 4.6, with S256. */
  private static boolean isAnswer(String verifier, String challenge) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
      byte[] made = Base64.getUrlEncoder().withoutPadding().encode(hash);
      return MessageDigest.isEqual(made, challenge.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Removes up to a thousand codes of more than a day ago. */
  public Future<Void> deleteOld(SqlConnection connection) {
    return store.deleteOld(connection);
  }
}
