package io.starling.accounts.device;

import io.starling.accounts.user.GuessLimit;
import io.starling.contract.AccountsReply;
import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesReply.ClaimRefused.Reason;
import io.starling.contract.DevicesRequest;
import io.starling.directory.Secrets;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;

/**
 * What labels on devices say, kept as hashes: whoever shows it gets the device, once. One that is
 * refused stays good. Whether the device or the secret is not there takes the same way and time.
 */
public final class ClaimSecrets {
  /** Compared with where there is none. */
  private static final String NOBODYS = Secrets.hash(Secrets.newToken());

  private final ConfigurationWriter writer;
  private final GuessLimit guesses;
  private final Handover handover = new Handover();
  private final ClaimSecretStore store = new ClaimSecretStore();

  /** Secrets written by this writer. */
  public ClaimSecrets(ConfigurationWriter writer, GuessLimit guesses) {
    this.writer = writer;
    this.guesses = guesses;
  }

  /** Makes one. */
  public Future<DevicesReply.ClaimSecretReply> create(DevicesRequest.CreateClaimSecret request) {
    String secret = Secrets.newToken();
    return writer
        .write(connection -> store.put(connection, request, Secrets.hash(secret)))
        .map(
            written ->
                written.value()
                    ? new DevicesReply.ClaimSecretCreated(secret)
                    : new AccountsReply.NotFound());
  }

  /** Takes one from somebody who wants the device. */
  public Future<DevicesReply.ClaimReply> claim(DevicesRequest.ClaimBySecret request) {
    String who = request.account().toString();
    var pause = guesses.pause(who, request.clientAddress());
    if (pause.isPositive()) {
      return Future.succeededFuture(new DevicesReply.TooManyGuesses((int) pause.toSeconds() + 1));
    }
    return writer
        .write(connection -> claim(connection, request))
        .map(
            written -> {
              if (written.value().isEmpty()) {
                guesses.right(who, request.clientAddress());
              } else {
                guesses.wrong(who, request.clientAddress());
              }
              return Handover.reply(request.device(), written);
            });
  }

  private Future<Optional<Reason>> claim(
      SqlConnection connection, DevicesRequest.ClaimBySecret request) {
    return store
        .lock(connection, request.device())
        .compose(
            hash ->
                Secrets.matches(request.secret(), hash.orElse(NOBODYS))
                    ? hand(connection, request)
                    : Handover.refused(Reason.CODE_INVALID));
  }

  private Future<Optional<Reason>> hand(
      SqlConnection connection, DevicesRequest.ClaimBySecret request) {
    return handover
        .give(connection, request.device(), request.account(), true)
        .compose(
            refused ->
                refused.isPresent()
                    ? Future.succeededFuture(refused)
                    : store.delete(connection, request.device()).map(refused));
  }
}
