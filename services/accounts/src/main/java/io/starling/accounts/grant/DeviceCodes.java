package io.starling.accounts.grant;

import io.starling.accounts.login.SignIns;
import io.starling.accounts.token.Grant;
import io.starling.accounts.token.Tokens;
import io.starling.accounts.user.GuessLimit;
import io.starling.contract.AccountId;
import io.starling.contract.OAuthReply;
import io.starling.contract.OAuthReply.DeviceWaits.Why;
import io.starling.contract.OAuthRequest;
import io.starling.directory.Secrets;
import io.starling.postgres.PrimaryPool;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/**
 * Device codes: begun by a device, decided by a person, exchanged by the device. After ten wrong
 * user codes from one place, none from there are looked at for a while.
 */
public final class DeviceCodes {
  private static final int LIFETIME_SECONDS = 600;
  private static final int INTERVAL_SECONDS = 5;
  private static final int MOST_AT_A_TIME = 20_000;
  private static final int TRIES = 5;
  private static final String ANY_CODE = "";

  private final PrimaryPool pool;
  private final ConfigurationWriter writer;
  private final SignIns signIns;
  private final Tokens tokens;
  private final GuessLimit guesses;
  private final DeviceCodeStore store = new DeviceCodeStore();

  /**
   * In the writer's database.
   *
   * @param guesses for this alone: of user codes
   */
  public DeviceCodes(
      PrimaryPool pool,
      ConfigurationWriter writer,
      SignIns signIns,
      Tokens tokens,
      GuessLimit guesses) {
    this.pool = pool;
    this.writer = writer;
    this.signIns = signIns;
    this.tokens = tokens;
    this.guesses = guesses;
  }

  /** Begins the log-in of a device. */
  public Future<OAuthReply> begin(OAuthRequest.BeginDevice request) {
    var waiting = new DeviceCodeStore.Waiting(request.client(), request.scopes());
    return pool.withPromptTransaction(
        connection ->
            store
                .hasRoom(connection, MOST_AT_A_TIME)
                .compose(
                    room ->
                        room
                            ? begin(connection, waiting, TRIES)
                            : Future.succeededFuture(new OAuthReply.TooManyDevices())));
  }

  private Future<OAuthReply> begin(
      SqlConnection connection, DeviceCodeStore.Waiting waiting, int tries) {
    String code = Secrets.newToken();
    String userCode = UserCode.create();
    return store
        .insert(connection, Secrets.hash(code), UserCode.hash(userCode), waiting, INTERVAL_SECONDS)
        .compose(
            added -> {
              if (added) {
                return Future.succeededFuture(
                    new OAuthReply.DeviceBegun(code, userCode, LIFETIME_SECONDS, INTERVAL_SECONDS));
              }
              return tries > 1
                  ? begin(connection, waiting, tries - 1)
                  : Future.succeededFuture(new OAuthReply.TooManyDevices());
            });
  }

  /** Tells what waits for a person who knows its user code. */
  public Future<OAuthReply> find(OAuthRequest.FindDevice request) {
    int pause = pauseSeconds(request.clientAddress());
    if (pause > 0) {
      return Future.succeededFuture(new OAuthReply.TooManyGuesses(pause));
    }
    return pool.withPromptTransaction(
            connection -> store.waiting(connection, UserCode.hash(request.userCode())))
        .map(
            found ->
                found
                    .<OAuthReply>map(it -> new OAuthReply.DeviceFound(it.client(), it.scopes()))
                    .orElseGet(() -> wrong(request.clientAddress())));
  }

  /** Lets a device in, or not, for who signs in. */
  public Future<OAuthReply> decide(OAuthRequest.DecideDevice request) {
    String place = request.who().clientAddress();
    int pause = pauseSeconds(place);
    if (pause > 0) {
      return Future.succeededFuture(new OAuthReply.TooManyGuesses(pause));
    }
    return signIns
        .signedIn(
            request.who(),
            (connection, account) ->
                store
                    .decide(
                        connection, UserCode.hash(request.userCode()), account, request.allowed())
                    .map(
                        done ->
                            done ? new OAuthReply.DeviceDecided() : new OAuthReply.CodeInvalid()))
        .map(reply -> judged(reply, place));
  }

  private int pauseSeconds(String place) {
    var pause = guesses.pause(ANY_CODE, place);
    return pause.isPositive() ? (int) pause.toSeconds() + 1 : 0;
  }

  private OAuthReply judged(OAuthReply reply, String place) {
    if (reply instanceof OAuthReply.DeviceDecided) {
      guesses.right(ANY_CODE, place);
    }
    return reply instanceof OAuthReply.CodeInvalid ? wrong(place) : reply;
  }

  private OAuthReply.CodeInvalid wrong(String place) {
    guesses.wrong(ANY_CODE, place);
    return new OAuthReply.CodeInvalid();
  }

  /** What came of a question: tokens, or an answer. */
  private sealed interface Outcome {}

  private record Got(Granted granted) implements Outcome {}

  private record GotNot(OAuthReply why) implements Outcome {}

  /** Exchanges a device code. */
  public Future<OAuthReply> exchange(OAuthRequest.ExchangeDevice request) {
    String hash = Secrets.hash(request.deviceCode());
    return writer
        .write(
            connection ->
                store
                    .lock(connection, hash)
                    .compose(
                        found ->
                            found
                                .filter(asked -> asked.of().client().equals(request.client()))
                                .map(asked -> answer(connection, hash, asked, request))
                                .orElseGet(
                                    () ->
                                        Future.succeededFuture(
                                            new GotNot(new OAuthReply.CodeInvalid())))))
        .map(
            written ->
                switch (written.value()) {
                  case Got(var granted) -> granted.at(written.position());
                  case GotNot(var why) -> why;
                });
  }

  private Future<Outcome> answer(
      SqlConnection connection,
      String hash,
      DeviceCodeStore.Asked asked,
      OAuthRequest.ExchangeDevice request) {
    if (!asked.young()) {
      return not(Why.EXPIRED_TOKEN);
    }
    if (asked.account() == null) {
      return store
          .asked(connection, hash, asked.early() ? INTERVAL_SECONDS : 0)
          .compose(_ -> not(asked.early() ? Why.SLOW_DOWN : Why.AUTHORIZATION_PENDING));
    }
    var account = asked.account();
    return store
        .delete(connection, hash)
        .compose(
            _ ->
                asked.allowed()
                    ? issue(connection, account, asked.of(), request)
                    : not(Why.ACCESS_DENIED));
  }

  private Future<Outcome> issue(
      SqlConnection connection,
      AccountId account,
      DeviceCodeStore.Waiting of,
      OAuthRequest.ExchangeDevice request) {
    var grant = new Grant(account, Grant.ALL, of.client(), request.lifetimeSeconds(), of.scopes());
    return tokens
        .issueRefreshed(connection, grant)
        .map(issued -> new Got(new Granted(issued, of.scopes())));
  }

  private static Future<Outcome> not(Why why) {
    return Future.succeededFuture(new GotNot(new OAuthReply.DeviceWaits(why)));
  }

  /** Removes up to a thousand of more than twenty minutes ago. */
  public Future<Void> deleteOld(SqlConnection connection) {
    return store.deleteOld(connection);
  }
}
