package io.starling.accounts.provider;

import io.starling.accounts.login.SignIns;
import io.starling.accounts.login.Tickets;
import io.starling.accounts.provider.StepStore.Kind;
import io.starling.accounts.provider.StepStore.Step;
import io.starling.accounts.seal.Seal;
import io.starling.accounts.user.Credentials;
import io.starling.accounts.user.People;
import io.starling.accounts.user.Users;
import io.starling.contract.AccountId;
import io.starling.contract.OAuthReply.SignInRefused;
import io.starling.contract.OidcReply;
import io.starling.contract.OidcReply.Refused.Reason;
import io.starling.contract.OidcRequest;
import io.starling.contract.OidcRequest.Origin;
import io.starling.directory.Secrets;
import io.starling.postgres.PrimaryPool;
import io.starling.postgres.change.Deeds;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;

/** Who a person is that a provider vouches for, and what is asked of the person besides. */
public final class ProviderSignIns {
  private static final int MOST_STEPS = 20_000;

  private final PrimaryPool pool;
  private final Deeds deeds;
  private final Credentials credentials;
  private final SignIns signIns;
  private final Providers providers;
  private final StepStore steps;
  private final IdentityStore identities = new IdentityStore();
  private final People people = new People();
  private final Tickets tickets = new Tickets();

  /** In this database, changed by somebody. */
  public ProviderSignIns(
      PrimaryPool pool,
      Deeds deeds,
      Credentials credentials,
      SignIns signIns,
      Providers providers,
      Seal seal) {
    this.pool = pool;
    this.deeds = deeds;
    this.credentials = credentials;
    this.signIns = signIns;
    this.providers = providers;
    this.steps = new StepStore(seal);
  }

  /** Sends somebody to a provider. */
  public Future<OidcReply.BeginReply> begin(OidcRequest.Begin request) {
    var found = providers.find(request.provider());
    if (found.isEmpty()) {
      return Future.succeededFuture(refused(Reason.UNKNOWN_PROVIDER, "", request.origin()));
    }
    var away = Away.begin(found.get().settings(), request.origin());
    return Providers.inTime(providers.url(found.get(), away))
        .<OidcReply.BeginReply>compose(
            url ->
                pool.withPromptTransaction(
                    connection ->
                        steps
                            .hasRoom(connection, MOST_STEPS)
                            .compose(room -> room ? begun(connection, away, url) : full(away))))
        .recover(cause -> Providers.told(cause, away).map(it -> it));
  }

  private Future<OidcReply.BeginReply> begun(SqlConnection connection, Away away, String url) {
    return steps
        .insert(connection, Kind.AWAY, away.state(), new Step(null, away.json()))
        .map(_ -> new OidcReply.Begun(url, away.browser(), providers.areReachedSecurely()));
  }

  private static Future<OidcReply.BeginReply> full(Away away) {
    return Future.succeededFuture(away.refused(Reason.TOO_MANY));
  }

  /** Finishes what was begun. What came back is used up, whatever comes of it. */
  public Future<OidcReply.FinishReply> finish(OidcRequest.Finish request) {
    return pool.withPromptTransaction(
            connection -> steps.take(connection, Kind.AWAY, request.state()))
        .compose(
            step ->
                step.map(known -> Away.of(request.state(), known.content()))
                    .filter(away -> away.isOf(request.browser()))
                    .map(away -> finish(request, away))
                    .orElseGet(
                        () -> Future.succeededFuture(refused(Reason.NOT_BEGUN, "", Origin.NONE))));
  }

  private Future<OidcReply.FinishReply> finish(OidcRequest.Finish request, Away away) {
    var found = providers.find(away.provider());
    if (found.isEmpty()) {
      return Future.succeededFuture(away.refused(Reason.UNKNOWN_PROVIDER));
    }
    var provider = found.get();
    if (!request.error().isEmpty() || request.code().isEmpty()) {
      return Future.succeededFuture(away.refused(Reason.DENIED));
    }
    return Providers.inTime(
            provider.person(request.code(), request.issuer(), providers.redirectUri(), away))
        .compose(person -> signIn(away, provider.settings(), person))
        .recover(cause -> Providers.told(cause, away).map(it -> it));
  }

  private Future<OidcReply.FinishReply> signIn(
      Away away, OidcProvider settings, Provider.Person person) {
    var link =
        new IdentityStore.Link(settings.issuer(), person.subject(), settings.id(), person.email());
    return pool.withPromptTransaction(
        connection ->
            identities
                .find(connection, link.issuer(), link.subject())
                .compose(
                    account ->
                        account
                            .map(
                                known ->
                                    people
                                        .lock(connection, known)
                                        .compose(
                                            who ->
                                                who.map(it -> known(connection, away, it))
                                                    .orElseGet(() -> noAddress(away))))
                            .orElseGet(
                                () ->
                                    person.verified()
                                            && Users.refusedEmail(person.email()).isEmpty()
                                        ? unknown(connection, away, link)
                                        : noAddress(away))));
  }

  private static Future<OidcReply.FinishReply> noAddress(Away away) {
    return Future.succeededFuture(away.refused(Reason.NO_ADDRESS));
  }

  private Future<OidcReply.FinishReply> known(
      SqlConnection connection, Away away, People.Person person) {
    return signIns
        .needsOtp(connection, person.account())
        .compose(
            otp ->
                otp
                    ? ask(connection, new Proof(away, person.email(), Optional.empty()), person)
                    : ticket(connection, person.account(), person.email(), away.origin())
                        .map(signedIn -> signedIn));
  }

  private Future<OidcReply.FinishReply> unknown(
      SqlConnection connection, Away away, IdentityStore.Link link) {
    return people
        .find(connection, link.email())
        .compose(
            somebody ->
                somebody
                    .map(
                        person ->
                            ask(
                                connection,
                                new Proof(away, person.email(), Optional.of(link)),
                                person))
                    .orElseGet(() -> signUp(connection, away, link)));
  }

  private Future<OidcReply.FinishReply> signUp(
      SqlConnection connection, Away away, IdentityStore.Link link) {
    return people
        .add(connection, link.email())
        .compose(
            added ->
                added
                    .map(
                        account ->
                            identities
                                .insert(connection, account, link)
                                .compose(
                                    // Another than the first of two at once undoes the account.
                                    linked ->
                                        linked
                                            ? Future.succeededFuture()
                                            : Future.failedFuture("linked meanwhile"))
                                .compose(
                                    _ -> ticket(connection, account, link.email(), away.origin()))
                                .compose(
                                    signedIn ->
                                        deeds.<OidcReply.FinishReply>after(connection, signedIn)))
                    .orElseGet(() -> noAddress(away)));
  }

  private Future<OidcReply.FinishReply> ask(
      SqlConnection connection, Proof proof, People.Person person) {
    String secret = Secrets.newDeviceSecret();
    return steps
        .insert(connection, Kind.PROOF, secret, new Step(person.account(), proof.json()))
        .compose(_ -> signIns.needsOtp(connection, person.account()))
        .map(otp -> proof.needed(secret, providers.name(proof.provider()), otp));
  }

  private Future<OidcReply.SignedIn> ticket(
      SqlConnection connection, AccountId account, String email, Origin origin) {
    return tickets
        .issue(connection, account)
        .map(ticket -> new OidcReply.SignedIn(ticket, email, origin));
  }

  /** Somebody shows what was asked for. */
  public Future<OidcReply.ConfirmReply> confirm(OidcRequest.Confirm request) {
    return pool.withPromptTransaction(
            connection -> steps.lock(connection, Kind.PROOF, request.proof()))
        .compose(
            found -> {
              var proof = found.map(step -> Proof.of(step.content()));
              var account = found.map(Step::account);
              if (proof.isEmpty() || account.isEmpty()) {
                return notBegun();
              }
              return proof.get().link().isEmpty()
                  ? confirmed(request, proof.get(), account.get())
                  : confirm(request, proof.get(), account.get());
            });
  }

  private static Future<OidcReply.ConfirmReply> notBegun() {
    return Future.succeededFuture(refused(Reason.NOT_BEGUN, "", Origin.NONE));
  }

  private Future<OidcReply.ConfirmReply> confirm(
      OidcRequest.Confirm request, Proof proof, AccountId account) {
    return credentials
        .check(account, request.password(), request.clientAddress())
        .compose(
            check ->
                switch (check) {
                  case Credentials.Right _ -> confirmed(request, proof, account);
                  case Credentials.Wrong _ ->
                      refused(request, proof, account, SignInRefused.Reason.CREDENTIALS, 0);
                  case Credentials.Wait(int seconds) ->
                      refused(request, proof, account, SignInRefused.Reason.TOO_MANY, seconds);
                });
  }

  private Future<OidcReply.ConfirmReply> refused(
      OidcRequest.Confirm request,
      Proof proof,
      AccountId account,
      SignInRefused.Reason reason,
      int seconds) {
    return pool.withPromptTransaction(
        connection ->
            signIns
                .needsOtp(connection, account)
                .map(
                    otp ->
                        new OidcReply.ProofRefused(reason, seconds, needed(request, proof, otp))));
  }

  private OidcReply.ProofNeeded needed(OidcRequest.Confirm request, Proof proof, boolean otp) {
    return proof.needed(request.proof(), providers.name(proof.provider()), otp);
  }

  /** The one-time password, and then all at once: neither is used up without the other. */
  private Future<OidcReply.ConfirmReply> confirmed(
      OidcRequest.Confirm request, Proof proof, AccountId account) {
    return pool.withPromptTransaction(
        connection ->
            steps
                .lock(connection, Kind.PROOF, request.proof())
                .compose(
                    step ->
                        step.isEmpty()
                            ? notBegun()
                            : signIns
                                .wrongOtp(connection, account, request.otp())
                                .compose(
                                    wrong ->
                                        wrong
                                            .map(
                                                it ->
                                                    Future.<OidcReply.ConfirmReply>succeededFuture(
                                                        new OidcReply.ProofRefused(
                                                            it.reason(),
                                                            it.retryAfterSeconds(),
                                                            needed(request, proof, true))))
                                            .orElseGet(
                                                () -> done(connection, request, proof, account)))));
  }

  private Future<OidcReply.ConfirmReply> done(
      SqlConnection connection, OidcRequest.Confirm request, Proof proof, AccountId account) {
    return steps
        .take(connection, Kind.PROOF, request.proof())
        .compose(
            _ ->
                proof
                    .link()
                    .map(link -> identities.insert(connection, account, link))
                    .orElseGet(() -> Future.succeededFuture(true)))
        .compose(
            linked ->
                linked
                    ? ticket(connection, account, proof.email(), proof.origin())
                        .<OidcReply.ConfirmReply>compose(
                            signedIn ->
                                proof.link().isPresent()
                                    ? deeds.after(connection, signedIn)
                                    : Future.succeededFuture(signedIn))
                    : notBegun());
  }

  /** Removes up to a thousand steps that nobody came back from. */
  public Future<Void> deleteOld(SqlConnection connection) {
    return steps.deleteOld(connection);
  }

  private static OidcReply.Refused refused(Reason reason, String provider, Origin origin) {
    return new OidcReply.Refused(reason, provider, origin);
  }
}
