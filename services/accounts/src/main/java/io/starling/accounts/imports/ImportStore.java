package io.starling.accounts.imports;

import io.starling.contract.AccountId;
import io.starling.contract.ImportsReply.DeviceImport;
import io.starling.contract.ImportsReply.Problem;
import io.starling.contract.ImportsReply.Progress;
import io.starling.contract.ImportsRequest;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables {@code accounts.device_import} and {@code accounts.device_import_piece}. */
final class ImportStore {
  /** The first lines that were refused are told, not more. */
  private static final int MAX_PROBLEMS = 100;

  private static final int MAX_LISTED = 100;

  /** One that nothing was heard of for so long is uploaded by nobody any more. */
  private static final Duration SILENCE = Duration.ofMinutes(2);

  private static final Duration KEPT = Duration.ofDays(30);

  private static final String LOCK_PRODUCT =
      "SELECT FROM accounts.product WHERE id = $1 AND owner = $2 FOR NO KEY UPDATE";
  private static final String COUNT =
      """
      SELECT count(*) AS many, count(*) FILTER (WHERE product.id = $1) AS of_product,
        count(*) FILTER (WHERE product.owner = $2) AS of_account
      FROM accounts.device_import JOIN accounts.product ON product.id = product
      WHERE state IN ('uploading', 'waiting', 'running')
      """;
  private static final String INSERT =
      "INSERT INTO accounts.device_import (id, product) VALUES ($1, $2)";
  private static final String APPEND =
      """
      WITH heard AS (
        UPDATE accounts.device_import SET updated_at = now()
        FROM accounts.product
        WHERE device_import.id = $1 AND product = product.id AND product = $2 AND owner = $3 AND state = 'uploading'
        RETURNING device_import.id), stored AS (
        INSERT INTO accounts.device_import_piece (import, number, first_line, lines)
        SELECT id, $4, $5, $6 FROM heard ON CONFLICT DO NOTHING)
      SELECT FROM heard
      """;
  private static final String RUN =
      """
      UPDATE accounts.device_import SET state = 'waiting', pieces = $2, lines = $3, updated_at = now()
      WHERE id = $1 AND state = 'uploading'
        AND (SELECT count(*) FROM accounts.device_import_piece WHERE import = $1) = $2
      """;
  private static final String FIND =
      """
      SELECT device_import.* FROM accounts.device_import JOIN accounts.product ON product.id = product
      WHERE product = $1 AND owner = $2 AND device_import.id = $3
      """;
  private static final String LIST =
      """
      SELECT device_import.* FROM accounts.device_import WHERE product = $1
      ORDER BY created_at DESC, id LIMIT %d
      """
          .formatted(MAX_LISTED);
  private static final String IS_OWNER =
      "SELECT FROM accounts.product WHERE id = $1 AND owner = $2";

  /** That which waits longest; what another process has in hand is passed over. */
  private static final String TAKE =
      """
      SELECT device_import.id, product, columns, next_piece, pieces, product.owner, product.platform
      FROM accounts.device_import JOIN accounts.product ON product.id = product
      WHERE state IN ('waiting', 'running')
      ORDER BY updated_at LIMIT 1 FOR NO KEY UPDATE OF device_import SKIP LOCKED
      """;

  private static final String PIECE =
      "SELECT first_line, lines FROM accounts.device_import_piece WHERE import = $1 AND number = $2";
  private static final String DELETE_PIECE =
      "DELETE FROM accounts.device_import_piece WHERE import = $1 AND number = $2";
  private static final String ADVANCE =
      """
      UPDATE accounts.device_import SET columns = $2, next_piece = next_piece + 1, failures = 0,
        read = read + $3, added = added + $4, created = created + $5, existing = existing + $6,
        nonmember = nonmember + $7, invalid = invalid + $8,
        problems = jsonb_path_query_array(problems || $9::jsonb, '$[0 to %d]'),
        updated_at = clock_timestamp(),
        state = CASE WHEN next_piece + 1 < pieces THEN 'running' ELSE 'done' END,
        finished_at = CASE WHEN next_piece + 1 < pieces THEN NULL ELSE now() END
      WHERE id = $1
      """
          .formatted(MAX_PROBLEMS - 1);
  private static final String COUNT_FAILURE =
      """
      UPDATE accounts.device_import SET failures = failures + 1, updated_at = now(),
        state = CASE WHEN failures + 1 < $2 THEN state ELSE 'failed' END,
        finished_at = CASE WHEN failures + 1 < $2 THEN NULL ELSE now() END
      WHERE id = $1 AND state IN ('waiting', 'running')
      """;
  private static final String CANCEL =
      """
      UPDATE accounts.device_import SET state = 'cancelled', updated_at = now(), finished_at = now()
      WHERE id = $1 AND state IN ('uploading', 'waiting', 'running')
      """;
  private static final String GIVE_UP_SILENT =
      """
      UPDATE accounts.device_import SET state = 'failed', finished_at = now()
      WHERE state = 'uploading' AND updated_at < now() - interval '%d seconds'
      """
          .formatted(SILENCE.toSeconds());
  private static final String DELETE_OLD =
      "DELETE FROM accounts.device_import WHERE finished_at < now() - interval '%d days'"
          .formatted(KEPT.toDays());
  private static final String DELETE_LEFT_PIECES =
      """
      DELETE FROM accounts.device_import_piece USING accounts.device_import
      WHERE import = id AND state IN ('done', 'cancelled', 'failed')
      """;

  /** How many imports there are that have not ended. */
  record Unfinished(long many, long ofProduct, long ofAccount) {}

  /**
   * An import in hand.
   *
   * @param columns null while nothing of it was read
   */
  record Taken(
      String id,
      int product,
      String owner,
      int platform,
      @Nullable List<String> columns,
      int nextPiece) {}

  /** Lines of a file. */
  record Piece(int firstLine, List<String> lines) {}

  /** Finds a product of an account, and keeps others from beginning an import there meanwhile. */
  Future<Boolean> lockProduct(SqlConnection connection, int product, AccountId owner) {
    return found(connection, LOCK_PRODUCT, Tuple.of(product, owner.toString()));
  }

  Future<Boolean> isOwner(SqlConnection connection, int product, AccountId owner) {
    return found(connection, IS_OWNER, Tuple.of(product, owner.toString()));
  }

  Future<Unfinished> count(SqlConnection connection, int product, AccountId owner) {
    return connection
        .preparedQuery(COUNT)
        .execute(Tuple.of(product, owner.toString()))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Unfinished(
                  row.getLong("many"), row.getLong("of_product"), row.getLong("of_account"));
            });
  }

  Future<Void> insert(SqlConnection connection, String id, int product) {
    return connection.preparedQuery(INSERT).execute(Tuple.of(id, product)).mapEmpty();
  }

  /** Stores a piece; false if there is no such import that is uploaded. */
  Future<Boolean> append(SqlConnection connection, ImportsRequest.AppendToImport piece) {
    // PostgreSQL takes every character but one.
    String[] lines =
        piece.lines().stream().map(line -> line.replace('\u0000', '\uFFFD')).toArray(String[]::new);
    return found(
        connection,
        APPEND,
        Tuple.of(
            piece.id(),
            piece.product(),
            piece.account().toString(),
            piece.number(),
            piece.firstLine(),
            lines));
  }

  /** Has it taken in, if all of it is there. */
  Future<Void> run(SqlConnection connection, String id, int pieces, int lines) {
    return connection.preparedQuery(RUN).execute(Tuple.of(id, pieces, lines)).mapEmpty();
  }

  Future<Optional<DeviceImport>> find(
      SqlConnection connection, int product, AccountId owner, String id) {
    return connection
        .preparedQuery(FIND)
        .execute(Tuple.of(product, owner.toString(), id))
        .map(rows -> imports(rows).stream().findFirst());
  }

  Future<List<DeviceImport>> list(SqlConnection connection, int product) {
    return connection.preparedQuery(LIST).execute(Tuple.of(product)).map(ImportStore::imports);
  }

  /** The next one to do something for, kept from others until the transaction ends. */
  Future<Optional<Taken>> take(SqlConnection connection) {
    return connection
        .preparedQuery(TAKE)
        .execute()
        .map(
            rows ->
                rows.size() == 0 ? Optional.empty() : Optional.of(taken(rows.iterator().next())));
  }

  /** Its next lines. */
  Future<Piece> piece(SqlConnection connection, Taken taken) {
    return connection
        .preparedQuery(PIECE)
        .execute(Tuple.of(taken.id(), taken.nextPiece()))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Piece(
                  row.getInteger("first_line"), List.of(row.getArrayOfStrings("lines")));
            });
  }

  /** Notes that its next lines are in. */
  Future<Void> advance(
      SqlConnection connection,
      Taken taken,
      List<String> columns,
      Progress made,
      List<Problem> problems) {
    var told = new JsonArray();
    problems.stream()
        .limit(MAX_PROBLEMS)
        .map(
            problem -> new JsonObject().put("line", problem.line()).put("reason", problem.reason()))
        .forEach(told::add);
    var row =
        Tuple.of(
            taken.id(),
            columns.toArray(String[]::new),
            made.read(),
            made.added(),
            made.created(),
            made.existing());
    return connection
        .preparedQuery(ADVANCE)
        .execute(row.addInteger(made.nonmember()).addInteger(made.invalid()).addValue(told))
        .compose(
            _ ->
                connection
                    .preparedQuery(DELETE_PIECE)
                    .execute(Tuple.of(taken.id(), taken.nextPiece())))
        .mapEmpty();
  }

  /** Notes that its next lines could not be taken in; after so many times in a row it is over. */
  Future<Void> countFailure(SqlConnection connection, String id, int max) {
    return connection.preparedQuery(COUNT_FAILURE).execute(Tuple.of(id, max)).mapEmpty();
  }

  /** Ends it, if it has not ended. */
  Future<Void> cancel(SqlConnection connection, String id) {
    return connection.preparedQuery(CANCEL).execute(Tuple.of(id)).mapEmpty();
  }

  /** Ends those that are uploaded by nobody any more. */
  Future<Void> giveUpSilent(SqlConnection connection) {
    return connection.query(GIVE_UP_SILENT).execute().mapEmpty();
  }

  /** Forgets what ended long ago, and the lines that ended ones did not take. */
  Future<Void> deleteOld(SqlConnection connection) {
    return connection
        .query(DELETE_OLD)
        .execute()
        .compose(_ -> connection.query(DELETE_LEFT_PIECES).execute())
        .mapEmpty();
  }

  private static Future<Boolean> found(SqlConnection connection, String sql, Tuple values) {
    return connection.preparedQuery(sql).execute(values).map(rows -> rows.size() == 1);
  }

  private static Taken taken(Row row) {
    String[] columns = row.getArrayOfStrings("columns");
    return new Taken(
        row.getString("id"),
        row.getInteger("product"),
        row.getString("owner"),
        row.getInteger("platform"),
        columns == null ? null : List.of(columns),
        row.getInteger("next_piece"));
  }

  private static List<DeviceImport> imports(RowSet<Row> rows) {
    var all = new ArrayList<DeviceImport>(rows.size());
    for (Row row : rows) {
      all.add(
          new DeviceImport(
              row.getString("id"),
              row.getString("state"),
              row.getInteger("lines"),
              new Progress(
                  row.getInteger("read"),
                  row.getInteger("added"),
                  row.getInteger("created"),
                  row.getInteger("existing"),
                  row.getInteger("nonmember"),
                  row.getInteger("invalid")),
              problems(row),
              millis(row.getOffsetDateTime("created_at")),
              millis(row.getOffsetDateTime("updated_at")),
              ended(row.getOffsetDateTime("finished_at"))));
    }
    return all;
  }

  private static List<Problem> problems(Row row) {
    return row.getJsonArray("problems").stream()
        .map(JsonObject.class::cast)
        .map(problem -> new Problem(problem.getInteger("line"), problem.getString("reason")))
        .toList();
  }

  private static long millis(OffsetDateTime time) {
    return time.toInstant().toEpochMilli();
  }

  private static @Nullable Long ended(@Nullable OffsetDateTime time) {
    return time == null ? null : millis(time);
  }
}
