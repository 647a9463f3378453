package io.starling.accounts.login;

import io.starling.accounts.seal.Seal;
import io.starling.contract.AccountId;
import io.starling.directory.Secrets;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The tables {@code accounts.otp}, {@code recovery_code} and {@code mfa_token}. */
final class MfaStore {
  private static final String OTP =
      "SELECT account, secret, key, last_step, wrong, free_at FROM accounts.otp WHERE account = $1 FOR UPDATE";
  private static final String USED =
      "UPDATE accounts.otp SET last_step = $2, wrong = 0 WHERE account = $1";
  private static final String WRONG =
      "UPDATE accounts.otp SET wrong = $2, free_at = $3 WHERE account = $1";
  private static final String ENROL =
      """
      INSERT INTO accounts.otp (account, secret, key, last_step) VALUES ($1, $2, $3, $4)
      ON CONFLICT DO NOTHING
      """;
  private static final String SET_MFA = "UPDATE accounts.account SET mfa = $2 WHERE id = $1";
  private static final String BY_OTHER_KEYS =
      """
      SELECT account, secret, key FROM accounts.otp
      WHERE key IS DISTINCT FROM $1 LIMIT 100 FOR UPDATE SKIP LOCKED
      """;
  private static final String RESEAL =
      "UPDATE accounts.otp SET secret = $2, key = $3 WHERE account = $1";
  private static final String DELETE_OTP = "DELETE FROM accounts.otp WHERE account = $1";
  private static final String ADD_CODE =
      "INSERT INTO accounts.recovery_code (account, hash) VALUES ($1, $2)";
  private static final String TAKE_CODE =
      "DELETE FROM accounts.recovery_code WHERE account = $1 AND hash = $2";
  private static final String DELETE_CODES =
      "DELETE FROM accounts.recovery_code WHERE account = $1";
  private static final String ADD_TOKEN =
      """
      INSERT INTO accounts.mfa_token (hash, account, client, lifetime, secret, key, scopes)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      """;
  private static final String TOKEN =
      """
      SELECT account, client, lifetime, secret, key, scopes FROM accounts.mfa_token
      WHERE hash = $1 AND created_at > now() - interval '10 minutes' FOR UPDATE
      """;
  private static final String DELETE_TOKENS = "DELETE FROM accounts.mfa_token WHERE account = $1";
  private static final String DELETE_OLD =
      """
      DELETE FROM accounts.mfa_token WHERE hash IN
        (SELECT hash FROM accounts.mfa_token WHERE created_at < now() - interval '1 hour' LIMIT 1000)
      """;

  private final Seal seal;

  MfaStore(Seal seal) {
    this.seal = seal;
  }

  private static String place(String account) {
    return "otp/" + account;
  }

  private Seal.Sealed sealed(AccountId account, Buffer secret) {
    return seal.seal(place(account.toString()), secret.getBytes());
  }

  /** The secret of a row; one without a key is from before they were sealed. */
  private Buffer opened(Row row) {
    String key = row.getString("key");
    Buffer stored = row.getBuffer("secret");
    if (key == null) {
      return stored;
    }
    String account = row.getString("account");
    return seal.open(place(account), new Seal.Sealed(key, stored))
        .map(Buffer::buffer)
        .orElseThrow(
            () -> new IllegalStateException("the secret of " + account + " does not open"));
  }

  /** What a person's one-time passwords are checked by. */
  record Otp(Buffer secret, long lastStep, int wrong, Instant freeAt) {
    @Override
    public String toString() {
      return "Otp[" + lastStep + ", " + wrong + "]";
    }
  }

  /**
   * Who comes back with a one-time password.
   *
   * @param secret what is to be confirmed; null if it is for logging in
   * @param scopes what the token is to be for; none for everything
   */
  record Pending(
      AccountId account,
      String client,
      long lifetime,
      @Nullable Buffer secret,
      List<String> scopes) {
    @Override
    public String toString() {
      return "Pending[" + account + "]";
    }
  }

  /** Locks what a person's one-time passwords are checked by; empty if there are none. */
  Future<Optional<Otp>> otp(SqlConnection connection, AccountId account) {
    return first(
        connection.preparedQuery(OTP).execute(Tuple.of(account.toString())),
        row ->
            new Otp(
                opened(row),
                row.getLong("last_step"),
                row.getInteger("wrong"),
                row.getOffsetDateTime("free_at").toInstant()));
  }

  Future<Void> used(SqlConnection connection, AccountId account, long step) {
    return run(connection, USED, Tuple.of(account.toString(), step));
  }

  Future<Void> wrong(SqlConnection connection, AccountId account, int count, Instant freeAt) {
    return run(
        connection, WRONG, Tuple.of(account.toString(), count, freeAt.atOffset(ZoneOffset.UTC)));
  }

  /** Begins to need one-time passwords; false if they were needed before. */
  Future<Boolean> enrol(
      SqlConnection connection, AccountId account, Buffer secret, long step, List<String> codes) {
    var sealed = sealed(account, secret);
    return connection
        .preparedQuery(ENROL)
        .execute(Tuple.of(account.toString(), sealed.bytes(), sealed.key(), step))
        .compose(
            rows -> {
              if (rows.rowCount() == 0) {
                return Future.succeededFuture(false);
              }
              var hashes =
                  codes.stream()
                      .map(code -> Tuple.of(account.toString(), Secrets.hash(code)))
                      .toList();
              return run(connection, SET_MFA, Tuple.of(account.toString(), true))
                  .compose(_ -> run(connection, DELETE_TOKENS, Tuple.of(account.toString())))
                  .compose(_ -> connection.preparedQuery(ADD_CODE).executeBatch(hashes))
                  .map(true);
            });
  }

  /** Needs them no more. */
  Future<Void> disable(SqlConnection connection, AccountId account) {
    var id = Tuple.of(account.toString());
    return run(connection, DELETE_OTP, id)
        .compose(_ -> run(connection, DELETE_CODES, id))
        .compose(_ -> run(connection, DELETE_TOKENS, id))
        .compose(_ -> run(connection, SET_MFA, Tuple.of(account.toString(), false)));
  }

  /** Uses a recovery code up; false if there is no such code. */
  Future<Boolean> takeCode(SqlConnection connection, AccountId account, String code) {
    return connection
        .preparedQuery(TAKE_CODE)
        .execute(Tuple.of(account.toString(), Secrets.hash(code)))
        .map(rows -> rows.rowCount() == 1);
  }

  Future<Void> addToken(SqlConnection connection, String token, Pending pending) {
    var secret = pending.secret();
    var sealed = secret == null ? null : sealed(pending.account(), secret);
    return run(
        connection,
        ADD_TOKEN,
        Tuple.of(
            Secrets.hash(token),
            pending.account().toString(),
            pending.client(),
            pending.lifetime(),
            sealed == null ? null : sealed.bytes(),
            sealed == null ? null : sealed.key(),
            pending.scopes().toArray(String[]::new)));
  }

  /** Locks who comes back. */
  Future<Optional<Pending>> token(SqlConnection connection, String token) {
    return first(
        connection.preparedQuery(TOKEN).execute(Tuple.of(Secrets.hash(token))), this::pending);
  }

  private Pending pending(Row row) {
    var scopes = row.getArrayOfStrings("scopes");
    return new Pending(
        AccountId.of(row.getString("account")),
        row.getString("client"),
        row.getLong("lifetime"),
        row.getBuffer("secret") == null ? null : opened(row),
        scopes == null ? List.of() : List.of(scopes));
  }

  /** Removes all that wait for a one-time password of a person. */
  Future<Void> deleteTokens(SqlConnection connection, AccountId account) {
    return run(connection, DELETE_TOKENS, Tuple.of(account.toString()));
  }

  /** Removes up to a thousand that did not come back. */
  Future<Void> deleteOld(SqlConnection connection) {
    return connection.query(DELETE_OLD).execute().mapEmpty();
  }

  /** Seals up to a hundred anew that another key sealed, or none; completes with how many. */
  Future<Integer> reseal(SqlConnection connection) {
    return connection
        .preparedQuery(BY_OTHER_KEYS)
        .execute(Tuple.of(seal.current()))
        .compose(
            rows -> {
              var anew = new ArrayList<Tuple>();
              for (var row : rows) {
                String account = row.getString("account");
                var sealed = seal.seal(place(account), opened(row).getBytes());
                anew.add(Tuple.of(account, sealed.bytes(), sealed.key()));
              }
              return anew.isEmpty()
                  ? Future.succeededFuture(0)
                  : connection.preparedQuery(RESEAL).executeBatch(anew).map(anew.size());
            });
  }

  private static Future<Void> run(SqlConnection connection, String sql, Tuple values) {
    return connection.preparedQuery(sql).execute(values).mapEmpty();
  }

  private static <T> Future<Optional<T>> first(Future<RowSet<Row>> found, Function<Row, T> reader) {
    return found.map(
        rows ->
            rows.size() == 0
                ? Optional.empty()
                : Optional.of(reader.apply(rows.iterator().next())));
  }
}
