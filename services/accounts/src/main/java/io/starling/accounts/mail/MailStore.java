package io.starling.accounts.mail;

import io.starling.accounts.seal.Seal;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The table {@code accounts.mail}. */
final class MailStore {
  private static final int MAX_WAITING = 10_000;
  private static final String INSERT =
      """
      INSERT INTO accounts.mail (id, key, sealed, good_until)
      SELECT $1, $2, $3, now() + $4 * interval '1 second'
      WHERE (SELECT count(*) FROM (SELECT FROM accounts.mail LIMIT $5) waiting) < $5
      """;
  private static final String CLAIM =
      """
      UPDATE accounts.mail
      SET due_at = now() + $2 * interval '1 second', attempts = attempts + 1
      WHERE id IN (SELECT id FROM accounts.mail WHERE due_at <= now()
        ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED)
      RETURNING id, key, sealed, attempts, good_until > now() AS good
      """;
  private static final String DELETE = "DELETE FROM accounts.mail WHERE id = $1";
  private static final String DELAY =
      "UPDATE accounts.mail SET due_at = now() + $2 * interval '1 second' WHERE id = $1";

  private final Seal seal;

  MailStore(Seal seal) {
    this.seal = seal;
  }

  /**
   * A mail whose turn it is, for this node alone until the lease ends.
   *
   * @param mail none if it does not open
   * @param attempts with the one that begins now
   * @param good whether it is worth sending still
   */
  record Claimed(UUID id, Optional<Mail> mail, int attempts, boolean good) {}

  private static String place(UUID id) {
    return "mail/" + id;
  }

  /** False if there are too many. */
  Future<Boolean> insert(SqlConnection connection, Mail mail) {
    var id = UUID.randomUUID();
    var json =
        new JsonObject()
            .put("to", mail.to())
            .put("subject", mail.subject())
            .put("text", mail.text());
    var sealed = seal.seal(place(id), json.encode().getBytes(StandardCharsets.UTF_8));
    return connection
        .preparedQuery(INSERT)
        .execute(
            Tuple.of(id, sealed.key(), sealed.bytes(), mail.goodFor().toSeconds(), MAX_WAITING))
        .map(rows -> rows.rowCount() == 1);
  }

  /** Takes some that are due; unless they are deleted or delayed they are due again after it. */
  Future<List<Claimed>> claim(SqlConnection connection, int max, Duration lease) {
    return connection
        .preparedQuery(CLAIM)
        .execute(Tuple.of(max, lease.toSeconds()))
        .map(
            rows -> {
              var all = new ArrayList<Claimed>();
              rows.forEach(row -> all.add(claimed(row)));
              return all;
            });
  }

  Future<Void> delete(SqlConnection connection, UUID id) {
    return connection.preparedQuery(DELETE).execute(Tuple.of(id)).mapEmpty();
  }

  Future<Void> delay(SqlConnection connection, UUID id, Duration delay) {
    return connection.preparedQuery(DELAY).execute(Tuple.of(id, delay.toSeconds())).mapEmpty();
  }

  private Claimed claimed(Row row) {
    var id = row.getUUID("id");
    var sealed = new Seal.Sealed(row.getString("key"), row.getBuffer("sealed"));
    var mail = seal.open(place(id), sealed).map(MailStore::mail);
    return new Claimed(id, mail, row.getInteger("attempts"), row.getBoolean("good"));
  }

  private static Mail mail(byte[] bytes) {
    var json = new JsonObject(new String(bytes, StandardCharsets.UTF_8));
    return new Mail(
        json.getString("to"), json.getString("subject"), json.getString("text"), Duration.ZERO);
  }
}
