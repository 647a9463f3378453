package io.starling.accounts.transfer;

import io.starling.accounts.mail.Mail;
import io.starling.accounts.mail.Post;
import io.starling.contract.AccountsReply;
import io.starling.contract.DeviceId;
import io.starling.contract.TransfersReply;
import io.starling.contract.TransfersReply.TransferRefused;
import io.starling.contract.TransfersReply.TransferRefused.Reason;
import io.starling.contract.TransfersRequest;
import io.starling.directory.Secrets;
import io.starling.postgres.PrimaryPool;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asking for devices, and answering that. */
public final class Transfers {
  private static final Logger LOG = LoggerFactory.getLogger(Transfers.class);

  private final PrimaryPool pool;
  private final ConfigurationWriter writer;
  private final Post post;
  private final String base;
  private final TransferStore store = new TransferStore();

  /**
   * Transfers in one database.
   *
   * @param base the API as people reach it
   */
  public Transfers(PrimaryPool pool, ConfigurationWriter writer, Post post, String base) {
    this.pool = pool;
    this.writer = writer;
    this.post = post;
    this.base = base;
  }

  /** What came of asking, and what is to be mailed then. */
  private record Asked(TransfersReply.RequestReply reply, List<Mail> mail) {
    static Future<Asked> refused(Reason reason) {
      return Future.succeededFuture(new Asked(new TransferRefused(reason), List.of()));
    }
  }

  /** Asks the owner of a device. */
  public Future<TransfersReply.RequestReply> request(TransfersRequest.RequestTransfer request) {
    return writer
        .write(
            connection ->
                store
                    .deleteOld(connection)
                    .compose(_ -> store.lockRequester(connection, request.account()))
                    .compose(
                        requester ->
                            requester
                                .map(email -> ask(connection, request, email))
                                .orElseGet(() -> Asked.refused(Reason.UNKNOWN))))
        .map(ConfigurationWriter.Written::value)
        .onSuccess(asked -> asked.mail().forEach(this::send))
        .map(Asked::reply);
  }

  private Future<Asked> ask(
      SqlConnection connection, TransfersRequest.RequestTransfer request, String email) {
    return store
        .asked(connection, request.device(), request.account())
        .compose(
            found ->
                found
                    .map(owner -> ask(connection, request, email, owner))
                    .orElseGet(() -> Asked.refused(Reason.UNKNOWN)));
  }

  private Future<Asked> ask(
      SqlConnection connection,
      TransfersRequest.RequestTransfer request,
      String email,
      TransferStore.Asked asked) {
    return store
        .find(connection, request.device(), asked.owner(), request.account())
        .compose(
            known -> {
              if (known.isEmpty()) {
                return insert(connection, request, email, asked);
              }
              return known.get().declined()
                  ? Asked.refused(Reason.TOO_MANY)
                  : Future.succeededFuture(
                      new Asked(new TransfersReply.TransferRequested(known.get().id()), List.of()));
            });
  }

  private Future<Asked> insert(
      SqlConnection connection,
      TransfersRequest.RequestTransfer request,
      String email,
      TransferStore.Asked asked) {
    String id = DeviceId.create().toString();
    String secret = Secrets.newToken();
    return store
        .insert(
            connection,
            id,
            request.device(),
            asked.owner(),
            request.account(),
            Secrets.hash(secret))
        .compose(
            added ->
                added
                    ? Future.succeededFuture(
                        new Asked(
                            new TransfersReply.TransferRequested(id),
                            asked.emails().stream()
                                .map(to -> question(to, request, email, secret))
                                .toList()))
                    : Asked.refused(Reason.TOO_MANY));
  }

  private Mail question(
      String to, TransfersRequest.RequestTransfer request, String email, String secret) {
    return new Mail(
        to,
        "Somebody asks for your device",
        "%s wants to have your device %s.\n".formatted(email, request.device())
            + "Here you can give it away, or say no, within seven days:\n\n  "
            + base
            + "/account/transfer#"
            + secret
            + "\n\nIf you do nothing, it stays yours.\n");
  }

  /** What the transfer was decided about is written; a mail that is lost changes nothing of it. */
  private void send(Mail mail) {
    var _ =
        post.send(mail).onFailure(cause -> LOG.warn("A mail was not sent: {}", cause.getMessage()));
  }

  /** Lists those of an account, of both directions. */
  public Future<TransfersReply.ListReply> list(TransfersRequest.ListTransfers request) {
    return pool.withConnection(connection -> store.list(connection, request.account()))
        .map(TransfersReply.TransfersFound::new);
  }

  /** Answers one at the API. */
  public Future<AccountsReply.WriteReply> answer(TransfersRequest.AnswerTransfer request) {
    return answer(
        request.accept(),
        connection -> store.due(connection, request.transfer(), request.account()));
  }

  /** Answers one by its link. */
  public Future<AccountsReply.WriteReply> answer(TransfersRequest.AnswerByLink request) {
    return answer(request.accept(), connection -> store.due(connection, request.linkHash()));
  }

  private Future<AccountsReply.WriteReply> answer(
      boolean accept, Function<SqlConnection, Future<Optional<TransferStore.Due>>> find) {
    return writer
        .write(
            connection ->
                find.apply(connection)
                    .compose(
                        found ->
                            found
                                .map(due -> decide(connection, due, accept).map(found))
                                .orElseGet(() -> Future.succeededFuture(found))))
        .onSuccess(written -> written.value().ifPresent(due -> send(answer(due, accept))))
        .map(
            written ->
                written.value().isPresent()
                    ? new AccountsReply.Written(written.position())
                    : new AccountsReply.NotFound());
  }

  private Future<Void> decide(SqlConnection connection, TransferStore.Due due, boolean accept) {
    return accept ? store.give(connection, due) : store.decline(connection, due);
  }

  private static Mail answer(TransferStore.Due due, boolean accepted) {
    return new Mail(
        due.email(),
        accepted ? "The device is yours" : "You do not get the device",
        "The owner of the device %s %s.\n"
            .formatted(due.device(), accepted ? "gave it to you" : "wants to keep it"));
  }

  /** Asks for a device no more. */
  public Future<AccountsReply.WriteReply> withdraw(TransfersRequest.WithdrawTransfer request) {
    return writer
        .write(connection -> store.withdraw(connection, request.transfer(), request.account()))
        .map(
            written ->
                written.value()
                    ? new AccountsReply.Written(written.position())
                    : new AccountsReply.NotFound());
  }
}
