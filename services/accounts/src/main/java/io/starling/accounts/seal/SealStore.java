package io.starling.accounts.seal;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The table {@code accounts.seal_key}, and which keys are in use. */
final class SealStore {
  private static final String PROOFS = "SELECT id, proof FROM accounts.seal_key";
  private static final String ADD =
      "INSERT INTO accounts.seal_key (id, proof) VALUES ($1, $2) ON CONFLICT DO NOTHING";
  private static final String IN_USE =
      """
      SELECT key FROM accounts.secret UNION SELECT key FROM accounts.otp WHERE key IS NOT NULL
      UNION SELECT key FROM accounts.mfa_token WHERE key IS NOT NULL ORDER BY key
      """;

  /** What each key sealed to show that it is the one. */
  Future<Map<String, Seal.Sealed>> proofs(SqlConnection connection) {
    return connection
        .query(PROOFS)
        .execute()
        .map(
            rows -> {
              var proofs = new HashMap<String, Seal.Sealed>();
              for (var row : rows) {
                String id = row.getString("id");
                proofs.put(id, new Seal.Sealed(id, row.getBuffer("proof")));
              }
              return proofs;
            });
  }

  /** Adds proofs; one that another node added meanwhile stays. */
  Future<Void> add(SqlConnection connection, List<Seal.Sealed> proofs) {
    var rows = proofs.stream().map(proof -> Tuple.of(proof.key(), proof.bytes())).toList();
    return rows.isEmpty()
        ? Future.succeededFuture()
        : connection.preparedQuery(ADD).executeBatch(rows).mapEmpty();
  }

  /** The ids of the keys that something is sealed with. */
  Future<List<String>> inUse(SqlConnection connection) {
    return connection
        .query(IN_USE)
        .execute()
        .map(
            rows -> {
              var ids = new ArrayList<String>();
              rows.forEach(row -> ids.add(row.getString("key")));
              return ids;
            });
  }
}
