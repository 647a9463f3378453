package io.starling.accounts.user;

import io.starling.accounts.mail.Mail;
import io.starling.accounts.mail.Post;
import io.starling.accounts.token.Tokens;
import io.starling.contract.AccountId;
import io.starling.contract.JournalPosition;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleReply.SignUpRefused.Reason;
import io.starling.contract.PeopleRequest;
import io.starling.directory.Secrets;
import io.starling.postgres.PrimaryPool;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mailed links: each good once and for an hour, kept as a hash, at most five an hour for a person.
 * What they carry stands behind the {@code #}, which browsers send to no server.
 */
public final class Links {
  private static final Logger LOG = LoggerFactory.getLogger(Links.class);

  /** As {@link LinkStore} has it. */
  private static final Duration LINK_GOOD_FOR = Duration.ofHours(1);

  private final PrimaryPool pool;
  private final ConfigurationWriter writer;
  private final Tokens tokens;
  private final Credentials credentials;
  private final Post post;
  private final String base;
  private final UserStore users = new UserStore();
  private final LinkStore store = new LinkStore();

  /**
   * Links to one place.
   *
   * @param base the API as people reach it
   */
  public Links(
      PrimaryPool pool,
      ConfigurationWriter writer,
      Tokens tokens,
      Credentials credentials,
      Post post,
      String base) {
    this.pool = pool;
    this.writer = writer;
    this.tokens = tokens;
    this.credentials = credentials;
    this.post = post;
    this.base = base;
  }

  /**
   * Sends a link for a new password. Answered before anything is sent, so that neither the answer
   * nor its time tells whether there is such a person.
   */
  public Future<PeopleReply> forgot(PeopleRequest.ForgotPassword request) {
    return forgot(connection -> users.find(connection, request.email()))
        .map(_ -> new PeopleReply.Written(JournalPosition.START));
  }

  /** The same for a customer of a product who has a password. */
  public Future<PeopleReply.WriteReply> forgot(int product, String email) {
    return forgot(
            connection ->
                users
                    .find(connection, product, email)
                    .map(found -> found.filter(user -> !user.passwordHash().isEmpty())))
        .map(_ -> new PeopleReply.Written(JournalPosition.START));
  }

  private Future<?> forgot(Function<SqlConnection, Future<Optional<UserStore.User>>> find) {
    return pool.withConnection(find)
        .onSuccess(
            user ->
                user.ifPresent(
                    known ->
                        send(
                                known.id(),
                                null,
                                known.email(),
                                "A new password",
                                "/account/password",
                                "Somebody, probably you, wants a new password for this address.")
                            .onFailure(cause -> LOG.warn("A mail was not sent: {}", cause + ""))));
  }

  /** Sends a link to a new address of a person; fails if it cannot. */
  Future<Void> sendForAddress(AccountId account, String email) {
    return send(
        account,
        email,
        email,
        "Is this your address?",
        "/account/email",
        "Somebody, probably you, wants to use this address for an account.");
  }

  private Future<Void> send(
      AccountId account,
      @Nullable String newEmail,
      String to,
      String subject,
      String path,
      String why) {
    String secret = Secrets.newToken();
    String text =
        why
            + "\nThis link is good for an hour, and once:\n\n  "
            + base
            + path
            + "#"
            + secret
            + "\n\nIf it was not you, do nothing.\n";
    return writer
        .write(connection -> store.insert(connection, Secrets.hash(secret), account, newEmail))
        .compose(
            added ->
                added.value()
                    ? post.send(new Mail(to, subject, text, LINK_GOOD_FOR))
                    : Future.<Void>succeededFuture());
  }

  /**
   * What came of following a link.
   *
   * @param former the address that the person had, if it was changed
   */
  private record Outcome(Optional<LinkStore.Link> link, boolean done, Optional<String> former) {
    Outcome(Optional<LinkStore.Link> link, boolean done) {
      this(link, done, Optional.empty());
    }
  }

  /** Sets a new password. */
  public Future<PeopleReply.LinkReply> reset(PeopleRequest.ResetPassword request) {
    var refused = Users.refusedPassword(request.newPassword());
    if (refused.isPresent()) {
      return Future.succeededFuture(new PeopleReply.SignUpRefused(refused.get()));
    }
    return credentials
        .hash(request.newPassword())
        .compose(
            hash ->
                writer.write(
                    connection ->
                        store
                            .take(connection, request.linkHash(), true)
                            .compose(
                                link ->
                                    link.map(
                                            good ->
                                                users
                                                    .setHash(connection, good.account(), hash)
                                                    .compose(
                                                        _ ->
                                                            tokens.revokeAll(
                                                                connection, good.account()))
                                                    .compose(
                                                        _ ->
                                                            store.deleteAll(
                                                                connection, good.account()))
                                                    .map(new Outcome(link, true)))
                                        .orElseGet(
                                            () ->
                                                Future.succeededFuture(new Outcome(link, false))))))
        .map(Links::reply);
  }

  /** Takes a new address; the former one is told, from which it could not be undone otherwise. */
  public Future<PeopleReply.LinkReply> confirm(PeopleRequest.ConfirmEmail request) {
    return writer
        .write(
            connection ->
                store
                    .take(connection, request.linkHash(), false)
                    .compose(
                        link -> {
                          if (link.isEmpty() || link.get().email() == null) {
                            return Future.succeededFuture(new Outcome(Optional.empty(), false));
                          }
                          return setEmail(connection, link.get(), link.get().email());
                        }))
        .onSuccess(written -> tellFormer(written.value()))
        .map(Links::reply);
  }

  private Future<Outcome> setEmail(SqlConnection connection, LinkStore.Link link, String email) {
    return users
        .find(connection, link.account())
        .compose(
            before ->
                users
                    .setEmail(connection, link.account(), email)
                    .map(
                        done ->
                            new Outcome(
                                Optional.of(link), done, before.map(UserStore.User::email))));
  }

  private void tellFormer(Outcome outcome) {
    if (outcome.done() && outcome.former().isPresent()) {
      String text = "Your account has another address now.\nIf it was not you, ask for help.\n";
      var _ =
          post.send(new Mail(outcome.former().get(), "Your address was changed", text))
              .onFailure(cause -> LOG.warn("A mail was not sent: {}", cause + ""));
    }
  }

  private static PeopleReply.LinkReply reply(ConfigurationWriter.Written<Outcome> written) {
    if (written.value().link().isEmpty()) {
      return new PeopleReply.LinkInvalid();
    }
    return written.value().done()
        ? new PeopleReply.Written(written.position())
        : new PeopleReply.SignUpRefused(Reason.IN_USE);
  }

  /** Removes old links. */
  public Future<Void> deleteOld() {
    return pool.withConnection(store::deleteOld);
  }
}
