package io.starling.accounts.library;

import io.starling.contract.AccountId;
import io.starling.contract.LibrariesRequest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tables {@code accounts.library}, {@code library_version} and {@code library_blob}. */
final class LibraryStore {
  /** The account's row is the lock on all of its libraries. */
  private static final String LOCK = "SELECT FROM accounts.account WHERE id = $1 FOR NO KEY UPDATE";

  private static final String SIZE =
      """
      SELECT count(*) AS versions, coalesce(sum(size), 0)::bigint AS bytes
      FROM accounts.library_version AS version JOIN accounts.library ON version.library = library.id
      WHERE account = $1 AND NOT (name = $2 AND version = $3)
      """;
  private static final String KEEP_BLOB =
      """
      INSERT INTO accounts.library_blob (hash, bytes) VALUES (encode(sha256($1), 'hex'), $1)
      ON CONFLICT (hash) DO UPDATE SET kept_at = now() RETURNING hash
      """;
  private static final String LIBRARY =
      """
      INSERT INTO accounts.library (id, account, name) VALUES ($1, $2, $3)
      ON CONFLICT (account, name) DO UPDATE SET name = excluded.name RETURNING id
      """;
  private static final String PUT =
      """
      INSERT INTO accounts.library_version AS present (library, version, properties, blob, size)
      VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (library, version) DO UPDATE SET properties = excluded.properties,
        blob = excluded.blob, size = excluded.size, created_at = excluded.created_at
        WHERE NOT present.published
      """;

  private static final String COLUMNS =
      """
      SELECT library.id, library.name, library.account = $1 AS mine, library.installs,
        version.version, version.published, version.properties, version.created_at
      """;

  /** Of one that a name stands for, what an account may see. */
  private static final String NAMED =
      COLUMNS
          + """
          FROM (SELECT * FROM accounts.library WHERE (account = $1 AND name = $2)
              OR (published AND lower(name) = lower($2)) ORDER BY account = $1 DESC LIMIT 1) AS library
            JOIN accounts.library_version AS version ON version.library = library.id
          WHERE (library.account = $1 OR version.published) AND ($3::text IS NULL OR version = $3)
          ORDER BY version.created_at DESC OFFSET $4 LIMIT $5
          """;

  private static final String FIND =
      COLUMNS
          + """
          FROM accounts.library JOIN LATERAL (
              SELECT * FROM accounts.library_version
              WHERE library = library.id AND (library.account = $1 OR library_version.published)
              ORDER BY created_at DESC LIMIT 1) AS version ON true
          WHERE (library.account = $1 OR library.published)
            AND CASE $2 WHEN 'MINE' THEN account = $1 WHEN 'PUBLIC' THEN version.published
              WHEN 'PRIVATE' THEN NOT version.published ELSE true END
            AND NOT ($3 AND account = $1)
            AND ($4 = '' OR strpos(lower(name), lower($4)) > 0
              OR strpos(lower(properties->>'sentence'), lower($4)) > 0)
            AND (cardinality($5::text[]) = 0 OR coalesce(properties->>'architectures', '*') = '*'
              OR string_to_array(replace(properties->>'architectures', ' ', ''), ',') && $5)
            AND ($6 = '' OR lower(properties->>'category') = lower($6))
          ORDER BY %s, lower(name), library.id OFFSET $7 LIMIT $8
          """;
  private static final String PUBLISH =
      """
      UPDATE accounts.library_version SET published = true
      WHERE library = $1 AND version = (SELECT version FROM accounts.library_version
        WHERE library = $1 ORDER BY created_at DESC LIMIT 1)
      """;
  private static final String NAME_TAKEN =
      """
      SELECT FROM accounts.library WHERE published AND lower(name) = lower($2) AND account <> $1
      """;
  private static final String PUBLISH_LIBRARY =
      """
      UPDATE accounts.library SET published = true WHERE account = $1 AND name = $2 RETURNING id
      """;

  /** Two who publish the same name at once wait for each other. */
  private static final String LOCK_NAME = "SELECT pg_advisory_xact_lock(hashtext(lower($1)))";

  private static final String IS_PUBLISHED =
      "SELECT published FROM accounts.library WHERE account = $1 AND name = $2";
  private static final String DELETE =
      "DELETE FROM accounts.library WHERE account = $1 AND name = $2 AND NOT published";
  private static final String ARCHIVE =
      """
      WITH counted AS (UPDATE accounts.library SET installs = installs + 1 WHERE id = $1)
      SELECT bytes FROM accounts.library_version JOIN accounts.library_blob ON blob = hash
      WHERE library = $1 AND version = $2
      """;
  private static final String DELETE_BLOBS =
      """
      DELETE FROM accounts.library_blob WHERE hash IN (
        SELECT hash FROM accounts.library_blob WHERE kept_at < now() - interval '1 hour'
          AND NOT EXISTS (SELECT FROM accounts.library_version WHERE blob = hash) LIMIT 100)
      """;

  /** What an account has together. */
  record Size(long versions, long bytes) {}

  /** A version as it stands here. */
  record Found(
      String id,
      String name,
      String version,
      boolean mine,
      boolean published,
      long installs,
      long createdAtMillis,
      JsonObject properties) {}

  /** Keeps others from changing libraries of an account. */
  Future<Void> lock(SqlConnection connection, AccountId account) {
    return run(connection, LOCK, Tuple.of(account.toString())).mapEmpty();
  }

  /** What the account has beside a version. */
  Future<Size> sizeOfOthers(SqlConnection connection, LibrariesRequest.AddLibrary request) {
    return run(
            connection,
            SIZE,
            Tuple.of(request.account().toString(), request.name(), request.version()))
        .map(rows -> rows.iterator().next())
        .map(row -> new Size(row.getLong("versions"), row.getLong("bytes")));
  }

  /** Keeps an archive; completes with its hash. */
  Future<String> keepBlob(SqlConnection connection, Buffer archive) {
    return run(connection, KEEP_BLOB, Tuple.of(archive))
        .map(rows -> rows.iterator().next().getString("hash"));
  }

  /** Finds or makes a library; completes with its id. */
  Future<String> library(SqlConnection connection, String id, AccountId account, String name) {
    return run(connection, LIBRARY, Tuple.of(id, account.toString(), name))
        .map(rows -> rows.iterator().next().getString("id"));
  }

  /** Keeps a version; false if the one of that number is published. */
  Future<Boolean> put(
      SqlConnection connection, String library, String blob, LibrariesRequest.AddLibrary request) {
    var properties = new JsonObject();
    request.properties().forEach(properties::put);
    var row = Tuple.of(library, request.version(), properties, blob, request.archive().length());
    return run(connection, PUT, row).map(rows -> rows.rowCount() == 1);
  }

  /** The versions of the library that a name stands for, the latest first. */
  Future<List<Found>> named(
      SqlConnection connection, LibrariesRequest.FindLibraryVersions request) {
    return named(
        connection,
        Tuple.of(
            request.account().toString(), request.name(), null, request.offset(), request.limit()));
  }

  /** One version of the library that a name stands for. */
  Future<Optional<Found>> named(SqlConnection connection, LibrariesRequest.GetLibrary request) {
    var key = Tuple.of(request.account().toString(), request.name(), request.version(), 0, 1);
    return named(connection, key).map(found -> found.stream().findFirst());
  }

  private static Future<List<Found>> named(SqlConnection connection, Tuple key) {
    return run(connection, NAMED, key).map(LibraryStore::found);
  }

  Future<List<Found>> find(SqlConnection connection, LibrariesRequest.FindLibraries request) {
    var row =
        Tuple.tuple()
            .addString(request.account().toString())
            .addString(request.whose().name())
            .addBoolean(request.notMine())
            .addString(request.filter())
            .addArrayOfString(request.architectures().toArray(String[]::new))
            .addString(request.category())
            .addInteger(request.offset())
            .addInteger(request.limit());
    return run(connection, FIND.formatted(order(request.order())), row).map(LibraryStore::found);
  }

  private static String order(LibrariesRequest.Order order) {
    return switch (order) {
      case NAME -> "lower(name)";
      case NAME_BACKWARDS -> "lower(name) DESC";
      case MOST_INSTALLED -> "installs DESC";
      case LEAST_INSTALLED -> "installs";
      case NEWEST -> "version.created_at DESC";
      case OLDEST -> "version.created_at";
    };
  }

  /** Tells whether a public library of another account has a name; until the end, none gets it. */
  Future<Boolean> isNameTaken(SqlConnection connection, AccountId account, String name) {
    return run(connection, LOCK_NAME, Tuple.of(name))
        .compose(_ -> run(connection, NAME_TAKEN, Tuple.of(account.toString(), name)))
        .map(rows -> rows.size() > 0);
  }

  /** Publishes the latest version; false if the account has no such library. */
  Future<Boolean> publish(SqlConnection connection, AccountId account, String name) {
    return run(connection, PUBLISH_LIBRARY, Tuple.of(account.toString(), name))
        .compose(
            rows ->
                rows.size() == 0
                    ? Future.succeededFuture(false)
                    : run(connection, PUBLISH, Tuple.of(rows.iterator().next().getString("id")))
                        .map(true));
  }

  /** Whether an account's library is published; empty if there is none. */
  Future<Optional<Boolean>> isPublished(SqlConnection connection, AccountId account, String name) {
    return run(connection, IS_PUBLISHED, Tuple.of(account.toString(), name))
        .map(
            rows ->
                rows.size() == 0
                    ? Optional.empty()
                    : Optional.of(rows.iterator().next().getBoolean("published")));
  }

  Future<Void> delete(SqlConnection connection, AccountId account, String name) {
    return run(connection, DELETE, Tuple.of(account.toString(), name)).mapEmpty();
  }

  /** The archive of a version, which counts as an installation. */
  Future<Optional<Buffer>> archive(SqlConnection connection, DownloadLink.Target target) {
    return run(connection, ARCHIVE, Tuple.of(target.library(), target.version()))
        .map(
            rows ->
                rows.size() == 0
                    ? Optional.empty()
                    : Optional.of(rows.iterator().next().getBuffer("bytes")));
  }

  /** Removes up to a hundred archives that no version has. */
  Future<Void> deleteBlobs(SqlConnection connection) {
    return connection.query(DELETE_BLOBS).execute().mapEmpty();
  }

  private static Future<RowSet<Row>> run(SqlConnection connection, String sql, Tuple values) {
    return connection.preparedQuery(sql).execute(values);
  }

  private static List<Found> found(RowSet<Row> rows) {
    var all = new ArrayList<Found>();
    for (var row : rows) {
      all.add(
          new Found(
              row.getString("id"),
              row.getString("name"),
              row.getString("version"),
              row.getBoolean("mine"),
              row.getBoolean("published"),
              row.getLong("installs"),
              row.getOffsetDateTime("created_at").toInstant().toEpochMilli(),
              row.getJsonObject("properties")));
    }
    return all;
  }
}
