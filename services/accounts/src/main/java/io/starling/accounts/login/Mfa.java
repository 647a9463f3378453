package io.starling.accounts.login;

import io.starling.accounts.seal.Seal;
import io.starling.accounts.token.Tokens;
import io.starling.accounts.user.Credentials;
import io.starling.contract.AccountId;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.directory.Secrets;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One-time passwords: beginning and ending with them, and checking them. After five wrong ones in a
 * row a person's are not looked at for 30 s, doubled with each further mistake up to 30 minutes.
 */
public final class Mfa {
  private static final int FREE_MISTAKES = 5;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(30);
  private static final int RECOVERY_CODES = 10;
  private static final int CODE_LENGTH = 16;

  private final ConfigurationWriter writer;
  private final Tokens tokens;
  private final Credentials credentials;
  private final InstantSource clock;
  private final MfaStore store;

  /** For the people in the writer's database. */
  public Mfa(
      ConfigurationWriter writer,
      Tokens tokens,
      Credentials credentials,
      Seal seal,
      InstantSource clock) {
    this.writer = writer;
    this.tokens = tokens;
    this.credentials = credentials;
    this.store = new MfaStore(seal);
    this.clock = clock;
  }

  /** Who is between the password and the one-time password. */
  MfaStore store() {
    return store;
  }

  /** What a one-time password is worth. */
  sealed interface Check {}

  /** It is good, and used up now. */
  record Right() implements Check {}

  /** It is not good. */
  record Wrong() implements Check {}

  /** Too many were wrong: not looked at. */
  record Wait(int seconds) implements Check {}

  /** The person needs none. */
  record NotNeeded() implements Check {}

  /** Looks at a one-time password or recovery code, within a transaction. */
  Future<Check> check(SqlConnection connection, AccountId account, String password) {
    return store
        .otp(connection, account)
        .compose(
            otp ->
                otp.map(known -> check(connection, account, password, known))
                    .orElseGet(() -> Future.succeededFuture(new NotNeeded())));
  }

  private Future<Check> check(
      SqlConnection connection, AccountId account, String password, MfaStore.Otp otp) {
    var pause = Duration.between(clock.instant(), otp.freeAt());
    if (pause.isPositive()) {
      return Future.succeededFuture(new Wait((int) pause.toSeconds() + 1));
    }
    var step =
        Totp.step(otp.secret().getBytes(), password.strip(), clock.instant(), otp.lastStep());
    if (step.isPresent()) {
      return store.used(connection, account, step.getAsLong()).map(new Right());
    }
    String code = password.replaceAll("[\\s-]", "").toLowerCase(Locale.ROOT);
    return store
        .takeCode(connection, account, code)
        .compose(
            taken ->
                taken
                    ? store.used(connection, account, otp.lastStep()).map(new Right())
                    : wrong(connection, account, otp.wrong() + 1).map(new Wrong()));
  }

  private Future<Void> wrong(SqlConnection connection, AccountId account, int count) {
    long pause =
        count < FREE_MISTAKES
            ? 0
            : Math.min(
                LONGEST_PAUSE.toMillis(),
                FIRST_PAUSE.toMillis() << Math.min(count - FREE_MISTAKES, 10));
    return store.wrong(connection, account, count, clock.instant().plusMillis(pause));
  }

  /** Makes a secret to confirm. */
  public Future<PeopleReply.StartMfaReply> start(PeopleRequest.StartMfa request) {
    var secret = Buffer.buffer(Totp.newSecret());
    String token = Secrets.newToken();
    String text = Totp.base32(secret.getBytes());
    return writer
        .write(
            connection ->
                store
                    .otp(connection, request.account())
                    .compose(
                        otp ->
                            otp.isPresent()
                                ? Future.succeededFuture(false)
                                : pending(connection, request.account(), token, secret)))
        .map(
            written ->
                written.value()
                    ? new PeopleReply.MfaStarted(
                        token, text, "otpauth://totp/Starling?secret=" + text + "&issuer=Starling")
                    : new PeopleReply.MfaIsOn());
  }

  private Future<Boolean> pending(
      SqlConnection connection, AccountId account, String token, Buffer secret) {
    return store
        .deleteTokens(connection, account)
        .compose(
            _ ->
                store.addToken(
                    connection, token, new MfaStore.Pending(account, "", 0, secret, List.of())))
        .map(true);
  }

  private sealed interface Enrolment {}

  private record Enrolled(List<String> codes) implements Enrolment {}

  private record NotEnrolled(PeopleReply.EnrolMfaReply why) implements Enrolment {}

  /** Confirms a secret. */
  public Future<PeopleReply.EnrolMfaReply> enrol(PeopleRequest.EnrolMfa request) {
    return writer
        .write(
            connection ->
                store
                    .token(connection, request.mfaToken())
                    .map(
                        found ->
                            found.filter(
                                pending ->
                                    pending.account().equals(request.account())
                                        && pending.secret() != null))
                    .compose(
                        found ->
                            found
                                .map(pending -> confirm(connection, pending, request))
                                .orElseGet(
                                    () ->
                                        Future.succeededFuture(
                                            new NotEnrolled(new PeopleReply.MfaTokenInvalid())))))
        .map(
            written ->
                switch (written.value()) {
                  case Enrolled(var codes) ->
                      new PeopleReply.MfaEnrolled(codes, written.position());
                  case NotEnrolled(var why) -> why;
                });
  }

  private Future<Enrolment> confirm(
      SqlConnection connection, MfaStore.Pending pending, PeopleRequest.EnrolMfa request) {
    var secret = pending.secret();
    if (secret == null) {
      return Future.succeededFuture(new NotEnrolled(new PeopleReply.MfaTokenInvalid()));
    }
    var step = Totp.step(secret.getBytes(), request.otp().strip(), clock.instant(), 0);
    if (step.isEmpty()) {
      return Future.succeededFuture(new NotEnrolled(new PeopleReply.OtpInvalid()));
    }
    var account = request.account();
    var codes =
        Stream.generate(() -> Secrets.newToken().substring(0, CODE_LENGTH))
            .limit(RECOVERY_CODES)
            .toList();
    return store
        .enrol(connection, account, secret, step.getAsLong(), codes)
        .compose(
            done ->
                done && request.invalidateTokens()
                    ? tokens.revokeAll(connection, account).map(done)
                    : Future.succeededFuture(done))
        .map(
            done ->
                done ? new Enrolled(codes) : new NotEnrolled(new PeopleReply.MfaTokenInvalid()));
  }

  /** Ends with one-time passwords. */
  public Future<PeopleReply.ChangeReply> disable(PeopleRequest.DisableMfa request) {
    return credentials
        .check(request.account(), request.password(), request.clientAddress())
        .compose(
            check ->
                switch (check) {
                  case Credentials.Right(var account) ->
                      writer
                          .write(connection -> store.disable(connection, account))
                          .map(written -> new PeopleReply.Written(written.position()));
                  case Credentials.Wrong _ ->
                      Future.succeededFuture(new PeopleReply.CredentialsInvalid());
                  case Credentials.Wait(int seconds) ->
                      Future.succeededFuture(new PeopleReply.TooManyAttempts(seconds));
                });
  }

  /** Seals some secrets anew that an older key sealed, or none; completes with how many. */
  public Future<Integer> reseal(SqlConnection connection) {
    return store.reseal(connection);
  }

  /** Removes what nobody came back for. */
  public Future<Void> deleteOld(SqlConnection connection) {
    return store.deleteOld(connection);
  }
}
