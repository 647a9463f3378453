package io.starling.accounts.device;

import io.starling.contract.AccountId;
import io.starling.contract.DevicesReply.ClaimCodeCreated;
import io.starling.contract.DevicesReply.ClaimCodeReply;
import io.starling.contract.DevicesReply.ClaimRefused.Reason;
import io.starling.contract.DevicesReply.ClaimReply;
import io.starling.contract.DevicesReply.TooManyClaimCodes;
import io.starling.contract.DevicesRequest;
import io.starling.directory.Secrets;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;

/**
 * Claim codes, kept as hashes: whoever gives one to a device gets the device. One that is refused
 * is good for another device still.
 */
public final class ClaimCodes {
  private static final int MAX_OF_AN_ACCOUNT = 100;

  private final ConfigurationWriter writer;
  private final Handover handover = new Handover();
  private final ClaimCodeStore store = new ClaimCodeStore();

  /** Codes written by this writer. */
  public ClaimCodes(ConfigurationWriter writer) {
    this.writer = writer;
  }

  /** Makes one. */
  public Future<ClaimCodeReply> create(DevicesRequest.CreateClaimCode request) {
    String code = Secrets.newClaimCode();
    return writer
        .write(connection -> create(connection, request.account(), code))
        .map(written -> written.value() ? new ClaimCodeCreated(code) : new TooManyClaimCodes());
  }

  private Future<Boolean> create(SqlConnection connection, AccountId account, String code) {
    return store
        .count(connection, account)
        .compose(
            good ->
                good < MAX_OF_AN_ACCOUNT
                    ? store.insert(connection, Secrets.hash(code), account).map(true)
                    : Future.succeededFuture(false));
  }

  /** Takes one from a device. */
  public Future<ClaimReply> show(DevicesRequest.ShowClaimCode request) {
    String hash = Secrets.hash(request.code());
    return writer
        .write(
            connection ->
                store
                    .lock(connection, hash)
                    .compose(
                        account ->
                            account.isEmpty()
                                ? Handover.refused(Reason.CODE_INVALID)
                                : claim(connection, request, hash, account.get())))
        .map(written -> Handover.reply(request.device(), written));
  }

  private Future<Optional<Reason>> claim(
      SqlConnection connection,
      DevicesRequest.ShowClaimCode request,
      String hash,
      AccountId account) {
    return handover
        .give(connection, request.device(), account, true)
        .compose(
            refused ->
                refused.isPresent()
                    ? Future.succeededFuture(refused)
                    : store.delete(connection, hash).map(refused));
  }

  /** Forgets those that nobody can use any more. */
  public Future<Void> deleteExpired(SqlConnection connection) {
    return store.deleteExpired(connection);
  }
}
