package io.starling.accounts.token;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** The table {@code accounts.token_use}. */
final class UseStore {
  // In one order, so that two who note the same ones do not wait for each other in a circle.
  private static final String NOTE =
      """
      INSERT INTO accounts.token_use AS known (token, used_at)
      SELECT hash, $2 FROM accounts.token WHERE hash = ANY($1) ORDER BY hash FOR KEY SHARE
      ON CONFLICT (token) DO UPDATE SET used_at = excluded.used_at
      WHERE known.used_at <= excluded.used_at - interval '10 minutes'
      """;

  /** Notes uses, each at most once in ten minutes; of tokens that are gone, nothing. */
  Future<Void> note(SqlConnection connection, List<String> hashes, Instant at) {
    return connection
        .preparedQuery(NOTE)
        .execute(Tuple.of(hashes.toArray(String[]::new), at.atOffset(ZoneOffset.UTC)))
        .mapEmpty();
  }
}
