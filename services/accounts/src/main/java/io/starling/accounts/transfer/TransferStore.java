package io.starling.accounts.transfer;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.TransfersReply;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/** The table {@code accounts.transfer}, and the owner of {@code accounts.device}. */
final class TransferStore {
  private static final int MAX_AN_HOUR = 10;
  private static final int MAX_OF_A_DEVICE = 10;

  /** So that the requests of one person are counted one after the other. */
  private static final String LOCK_REQUESTER =
      "SELECT email FROM accounts.account WHERE id = $1 AND kind = 'person' FOR UPDATE";

  private static final String ASKED =
      """
      SELECT owner.id AS owner, CASE owner.kind WHEN 'person' THEN ARRAY[owner.email] ELSE ARRAY(
        SELECT person.email FROM accounts.organization_member AS member
          JOIN accounts.account AS person ON person.id = member.account
        WHERE member.organization = owner.id AND member.role = 'owner' ORDER BY 1) END AS emails
      FROM accounts.device JOIN accounts.account AS owner ON device.owner = owner.id
      WHERE device.id = $1 AND owner.id <> $2 AND owner.kind IN ('person', 'organization') AND NOT device.quarantined
      FOR SHARE OF device
      """;
  private static final String DELETE_OLD =
      "DELETE FROM accounts.transfer WHERE created_at < now() - interval '7 days'";
  private static final String FIND =
      """
      SELECT id, declined FROM accounts.transfer WHERE device = $1 AND owner = $2 AND requester = $3
      """;
  private static final String INSERT =
      """
      INSERT INTO accounts.transfer (id, device, owner, requester, link_hash)
      SELECT $1, $2, $3, $4, $5 WHERE $6 >
        (SELECT count(*) FROM accounts.transfer WHERE requester = $4 AND created_at > now() - interval '1 hour')
      AND $7 > (SELECT count(*) FROM accounts.transfer WHERE device = $2)
      """;
  private static final String LIST =
      """
      SELECT transfer.id, device, created_at_of.at, CASE WHEN requester = $1 THEN NULL ELSE account.email END AS email
      FROM accounts.transfer
        JOIN accounts.device ON device.id = transfer.device AND device.owner = transfer.owner
        JOIN accounts.account ON account.id = requester
        CROSS JOIN LATERAL (SELECT (extract(epoch FROM transfer.created_at) * 1000)::bigint AS at) AS created_at_of
      WHERE (transfer.owner = $1 OR requester = $1) AND NOT declined
        AND transfer.created_at > now() - interval '7 days'
      ORDER BY transfer.created_at DESC LIMIT 1000
      """;
  private static final String DUE =
      """
      SELECT transfer.id, transfer.device, requester, account.email FROM accounts.transfer
        JOIN accounts.device ON device.id = transfer.device AND device.owner = transfer.owner
        JOIN accounts.account ON account.id = requester
      WHERE %s AND NOT declined AND NOT device.quarantined
        AND transfer.created_at > now() - interval '7 days'
      FOR UPDATE OF transfer, device
      """;
  private static final String DUE_BY_ID = DUE.formatted("transfer.id = $1 AND transfer.owner = $2");
  private static final String DUE_BY_LINK = DUE.formatted("link_hash = $1");
  private static final String DECLINE =
      "UPDATE accounts.transfer SET declined = true WHERE id = $1";
  private static final String DELETE_OF_DEVICE = "DELETE FROM accounts.transfer WHERE device = $1";

  /** What its former owner called it is his; a label of his gives it to nobody any more. */
  private static final String GIVE =
      """
      WITH label AS (DELETE FROM accounts.claim_secret WHERE device = $1)
      UPDATE accounts.device SET owner = $2, name = NULL, notes = NULL WHERE id = $1
      """;

  private static final String WITHDRAW =
      "DELETE FROM accounts.transfer WHERE id = $1 AND requester = $2 AND NOT declined";

  /** Who is asked for a device: a person, or all who own an organization. */
  record Asked(AccountId owner, List<String> emails) {}

  /** A transfer that was asked for before. */
  record Known(String id, boolean declined) {}

  /** A transfer whose answer is due. */
  record Due(String id, DeviceId device, AccountId requester, String email) {}

  /** The address of a person who asks; empty if the account is no person's. */
  Future<Optional<String>> lockRequester(SqlConnection connection, AccountId account) {
    return connection
        .preparedQuery(LOCK_REQUESTER)
        .execute(Tuple.of(account.toString()))
        .map(rows -> rows.stream().findFirst().map(row -> row.getString("email")));
  }

  /** Who owns a device, if that is another one, and a person or an organization. */
  Future<Optional<Asked>> asked(SqlConnection connection, DeviceId device, AccountId requester) {
    return connection
        .preparedQuery(ASKED)
        .execute(Tuple.of(device.toString(), requester.toString()))
        .map(
            rows ->
                rows.stream()
                    .findFirst()
                    .map(
                        row ->
                            new Asked(
                                AccountId.of(row.getString("owner")),
                                List.of(row.getArrayOfStrings("emails")))));
  }

  Future<Optional<Known>> find(
      SqlConnection connection, DeviceId device, AccountId owner, AccountId requester) {
    return connection
        .preparedQuery(FIND)
        .execute(Tuple.of(device.toString(), owner.toString(), requester.toString()))
        .map(
            rows ->
                rows.stream()
                    .findFirst()
                    .map(row -> new Known(row.getString("id"), row.getBoolean("declined"))));
  }

  /** Adds one; false if there are enough of the requester, or of the device. */
  Future<Boolean> insert(
      SqlConnection connection,
      String id,
      DeviceId device,
      AccountId owner,
      AccountId requester,
      String linkHash) {
    var row =
        Tuple.of(
            id,
            device.toString(),
            owner.toString(),
            requester.toString(),
            linkHash,
            MAX_AN_HOUR,
            MAX_OF_A_DEVICE);
    return connection.preparedQuery(INSERT).execute(row).map(rows -> rows.rowCount() == 1);
  }

  Future<List<TransfersReply.TransferLine>> list(SqlConnection connection, AccountId account) {
    return connection
        .preparedQuery(LIST)
        .execute(Tuple.of(account.toString()))
        .map(rows -> rows.stream().map(TransferStore::line).toList());
  }

  private static TransfersReply.TransferLine line(Row row) {
    return new TransfersReply.TransferLine(
        row.getString("id"),
        DeviceId.of(row.getString("device")),
        row.getString("email"),
        row.getLong("at"));
  }

  /** Locks one of which the account is asked, with its device. */
  Future<Optional<Due>> due(SqlConnection connection, String id, AccountId owner) {
    return due(connection, DUE_BY_ID, Tuple.of(id, owner.toString()));
  }

  /** Locks the one of a mailed link, with its device. */
  Future<Optional<Due>> due(SqlConnection connection, String linkHash) {
    return due(connection, DUE_BY_LINK, Tuple.of(linkHash));
  }

  private static Future<Optional<Due>> due(SqlConnection connection, String sql, Tuple values) {
    return connection
        .preparedQuery(sql)
        .execute(values)
        .map(
            rows ->
                rows.stream()
                    .findFirst()
                    .map(
                        row ->
                            new Due(
                                row.getString("id"),
                                DeviceId.of(row.getString("device")),
                                AccountId.of(row.getString("requester")),
                                row.getString("email"))));
  }

  Future<Void> decline(SqlConnection connection, Due due) {
    return connection.preparedQuery(DECLINE).execute(Tuple.of(due.id())).mapEmpty();
  }

  /** Gives the device to who asked; others who asked for it asked its former owner. */
  Future<Void> give(SqlConnection connection, Due due) {
    String device = due.device().toString();
    return connection
        .preparedQuery(GIVE)
        .execute(Tuple.of(device, due.requester().toString()))
        .compose(_ -> connection.preparedQuery(DELETE_OF_DEVICE).execute(Tuple.of(device)))
        .mapEmpty();
  }

  /** Takes one back; false if the account asks for no such thing. */
  Future<Boolean> withdraw(SqlConnection connection, String id, AccountId requester) {
    return connection
        .preparedQuery(WITHDRAW)
        .execute(Tuple.of(id, requester.toString()))
        .map(rows -> rows.rowCount() == 1);
  }

  /** Forgets those that are over. */
  Future<Void> deleteOld(SqlConnection connection) {
    return connection.query(DELETE_OLD).execute().mapEmpty();
  }
}
