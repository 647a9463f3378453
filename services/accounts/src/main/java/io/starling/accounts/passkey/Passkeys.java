package io.starling.accounts.passkey;

import io.starling.accounts.login.SignIns;
import io.starling.accounts.login.Tickets;
import io.starling.accounts.mail.Mail;
import io.starling.accounts.mail.Post;
import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.DeviceId;
import io.starling.contract.JournalPosition;
import io.starling.contract.OAuthReply.SignInRefused;
import io.starling.contract.PasskeysReply;
import io.starling.contract.PasskeysRequest;
import io.starling.directory.Secrets;
import io.starling.postgres.PrimaryPool;
import io.starling.postgres.change.Deeds;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The passkeys of people, and signing in by them. */
public final class Passkeys {
  private static final Logger LOG = LoggerFactory.getLogger(Passkeys.class);
  private static final int MOST_CHALLENGES = 100_000;

  private final PrimaryPool database;
  private final SignIns signIns;
  private final RelyingParty party;
  private final Post post;
  private final Deeds deeds;
  private final Tickets tickets = new Tickets();
  private final PasskeyStore store = new PasskeyStore();
  private final ChallengeStore challenges = new ChallengeStore();

  /** Of the people in this database, changed by somebody. */
  public Passkeys(
      PrimaryPool database, SignIns signIns, RelyingParty party, Post post, Deeds deeds) {
    this.database = database;
    this.signIns = signIns;
    this.party = party;
    this.post = post;
    this.deeds = deeds;
  }

  /** Lists them. */
  public Future<PasskeysReply.ListReply> list(PasskeysRequest.ListPasskeys request) {
    return database.withPromptTransaction(
        connection ->
            store.list(connection, request.account()).map(PasskeysReply.PasskeysFound::new));
  }

  /** Begins to add one. */
  public Future<PasskeysReply.BeginReply> begin(PasskeysRequest.BeginPasskey request) {
    if (!party.hasName()) {
      return Future.succeededFuture(new PasskeysReply.NotOffered());
    }
    return signIns.signedIn(
        request.who(),
        (connection, account) ->
            account.equals(request.account())
                ? begin(connection, account)
                : Future.succeededFuture(refusedAsAnother(request)),
        refused -> refused);
  }

  private static SignInRefused refusedAsAnother(PasskeysRequest.BeginPasskey request) {
    var reason =
        request.who().ticket().isEmpty()
            ? SignInRefused.Reason.CREDENTIALS
            : SignInRefused.Reason.TICKET;
    return new SignInRefused(reason, 0);
  }

  private Future<PasskeysReply.BeginReply> begin(SqlConnection connection, AccountId account) {
    String challenge = Secrets.newToken();
    return mine(connection, account)
        .compose(
            mine -> {
              if (mine.isFull()) {
                return Future.succeededFuture(new PasskeysReply.TooManyPasskeys());
              }
              String options = party.creation(challenge, account, mine.email(), mine.credentials());
              return challenges
                  .add(connection, Secrets.hash(challenge), account, MOST_CHALLENGES)
                  .map(
                      added ->
                          added
                              ? new PasskeysReply.PasskeyBegun(options)
                              : new PasskeysReply.TooManyChallenges());
            });
  }

  /** What a person has; nobody else adds to it in this transaction. */
  private Future<Mine> mine(SqlConnection connection, AccountId account) {
    return store
        .lock(connection, account)
        .compose(
            email ->
                store
                    .credentials(connection, account)
                    .map(credentials -> new Mine(email.orElse(""), credentials)));
  }

  /** Adds one. */
  public Future<PasskeysReply.AddReply> add(PasskeysRequest.AddPasskey request) {
    var told = party.attestation(request.credential());
    if (told.isEmpty()) {
      return Future.succeededFuture(new PasskeysReply.PasskeyRefused());
    }
    var account = request.account();
    return database
        .withPromptTransaction(
            connection ->
                challenges
                    .take(connection, Secrets.hash(told.get().challenge()), account)
                    .compose(
                        good ->
                            good
                                ? mine(connection, account)
                                    .compose(mine -> add(connection, request, told.get(), mine))
                                : Future.succeededFuture(
                                    new Added("", new PasskeysReply.PasskeyRefused()))))
        .onSuccess(
            added -> {
              if (added.reply() instanceof PasskeysReply.PasskeyKept) {
                tell(added.email(), "A passkey was added", "now has the passkey", request.name());
              }
            })
        .map(Added::reply);
  }

  private Future<Added> add(
      SqlConnection connection,
      PasskeysRequest.AddPasskey request,
      RelyingParty.Attestation told,
      Mine mine) {
    if (mine.isFull()) {
      return Future.succeededFuture(new Added("", new PasskeysReply.TooManyPasskeys()));
    }
    var key = mine.email().isEmpty() ? Optional.<PasskeyStore.Key>empty() : party.check(told);
    return key.map(
            good ->
                store
                    .insert(
                        connection,
                        DeviceId.create().toString(),
                        request.account(),
                        request.name(),
                        good)
                    .compose(kept -> kept(connection, kept)))
        .orElseGet(() -> Future.succeededFuture(new PasskeysReply.PasskeyRefused()))
        .map(reply -> new Added(mine.email(), reply));
  }

  private Future<PasskeysReply.AddReply> kept(
      SqlConnection connection, Optional<PasskeysReply.Told> kept) {
    return kept.isPresent()
        ? deeds.after(connection, new PasskeysReply.PasskeyKept(kept.get()))
        : Future.succeededFuture(new PasskeysReply.PasskeyRefused());
  }

  /** Calls one otherwise. */
  public Future<PasskeysReply.RenameReply> rename(PasskeysRequest.RenamePasskey request) {
    return database.withPromptTransaction(
        connection ->
            store
                .rename(connection, request.account(), request.id(), request.name())
                .compose(
                    told ->
                        told.isPresent()
                            ? deeds.after(connection, new PasskeysReply.PasskeyKept(told.get()))
                            : Future.succeededFuture(new AccountsReply.NotFound())));
  }

  /** Forgets one. */
  public Future<AccountsReply.WriteReply> remove(PasskeysRequest.RemovePasskey request) {
    return database
        .withPromptTransaction(
            connection ->
                store
                    .delete(connection, request.account(), request.id())
                    .compose(
                        deleted ->
                            deleted.isPresent()
                                ? deeds.after(connection, deleted)
                                : Future.succeededFuture(deleted)))
        .onSuccess(
            deleted ->
                deleted.ifPresent(
                    it ->
                        tell(
                            it.email(),
                            "A passkey was removed",
                            "does not have this passkey any more:",
                            it.name())))
        .map(
            deleted ->
                deleted.isPresent()
                    ? new AccountsReply.Written(JournalPosition.START)
                    : new AccountsReply.NotFound());
  }

  /** Who did not do it himself has to know. */
  private void tell(String email, String subject, String what, String name) {
    String text =
        "Your account %s\n\n  %s\n\nIf it was not you, change your password and ask for help.\n"
            .formatted(what, name);
    var _ =
        post.send(new Mail(email, subject, text))
            .onFailure(cause -> LOG.warn("A mail was not sent: {}", cause + ""));
  }

  /** Begins to sign somebody in. */
  public Future<PasskeysReply.BeginSignInReply> beginSignIn() {
    if (!party.hasName()) {
      return Future.succeededFuture(new PasskeysReply.NotOffered());
    }
    String challenge = Secrets.newToken();
    return database.withPromptTransaction(
        connection ->
            challenges
                .add(connection, Secrets.hash(challenge), null, MOST_CHALLENGES)
                .map(
                    added ->
                        added
                            ? new PasskeysReply.PasskeyBegun(party.request(challenge))
                            : new PasskeysReply.TooManyChallenges()));
  }

  /** Signs in who has a passkey. Whatever comes of it, the challenge is used up. */
  public Future<PasskeysReply.SignInReply> signIn(PasskeysRequest.SignInByPasskey request) {
    return party
        .assertion(request.credential())
        .map(
            told ->
                database.withPromptTransaction(
                    connection ->
                        challenges
                            .take(connection, Secrets.hash(told.challenge()), null)
                            .compose(good -> good ? signIn(connection, told) : refuse())))
        .orElseGet(Passkeys::refuse);
  }

  private Future<PasskeysReply.SignInReply> signIn(
      SqlConnection connection, RelyingParty.Assertion told) {
    return store
        .lock(connection, told.credential())
        .compose(
            found ->
                found
                    .flatMap(
                        known ->
                            party
                                .check(told, known)
                                .map(state -> signedIn(connection, known, state)))
                    .orElseGet(Passkeys::refuse));
  }

  private Future<PasskeysReply.SignInReply> signedIn(
      SqlConnection connection, PasskeyStore.Known known, PasskeyStore.State state) {
    return store
        .used(connection, known.id(), state)
        .compose(_ -> tickets.issue(connection, known.account()))
        .map(ticket -> new PasskeysReply.PasskeySignedIn(known.email(), ticket));
  }

  private static Future<PasskeysReply.SignInReply> refuse() {
    return Future.succeededFuture(new PasskeysReply.PasskeyRefused());
  }
}
