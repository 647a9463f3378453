package io.starling.postgres;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.embedded.EmbeddedDatabase;
import io.starling.embedded.EmbeddedSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Real servers and the pools on them, all closed at the end. Each server has a table of notes. */
final class Databases implements AutoCloseable {
  final Vertx vertx = Vertx.vertx();
  private final Path folder;
  private final List<EmbeddedDatabase> databases = new ArrayList<>();
  private final List<PrimaryPool> pools = new ArrayList<>();

  Databases(Path folder) {
    this.folder = folder;
  }

  EmbeddedDatabase start(String name) {
    EmbeddedDatabase database =
        EmbeddedDatabase.start(folder.resolve(name), EmbeddedSettings.forTests());
    databases.add(database);
    execute(database, "create table noted (note text)");
    return database;
  }

  EmbeddedDatabase standby(EmbeddedDatabase primary, String name) {
    EmbeddedDatabase standby = primary.standby(folder.resolve(name), EmbeddedSettings.forTests());
    databases.add(standby);
    return standby;
  }

  /** A pool that has found its primary. */
  PrimaryPool serving(EmbeddedDatabase... candidates) {
    PrimaryPool pool = open(candidates);
    await().until(() -> pool.health().isUp());
    return pool;
  }

  PrimaryPool open(EmbeddedDatabase... candidates) {
    String uris = Stream.of(candidates).map(EmbeddedDatabase::uri).collect(Collectors.joining(","));
    PrimaryPool pool =
        PrimaryPool.open(vertx, "test", DatabaseConfig.of(uris), new SimpleMeterRegistry());
    pools.add(pool);
    return pool;
  }

  static Future<Void> note(PrimaryPool pool, String text) {
    return pool.withConnection(connection -> note(connection, text));
  }

  static Future<Void> note(SqlConnection connection, String text) {
    return connection
        .preparedQuery("insert into noted values ($1)")
        .execute(Tuple.of(text))
        .mapEmpty();
  }

  /** Whether a note was taken just now. */
  static boolean takesNotes(PrimaryPool pool, String text) {
    return note(pool, text).transform(done -> Future.succeededFuture(done.succeeded())).await();
  }

  /** Read beside the pool: what really stands in this one. */
  static List<String> notes(EmbeddedDatabase database) {
    try (var connection = DriverManager.getConnection(database.jdbcUrl());
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select note from noted")) {
      List<String> notes = new ArrayList<>();
      while (rows.next()) {
        notes.add(rows.getString(1));
      }
      return notes;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Done beside the pool. */
  static void execute(EmbeddedDatabase database, String sql) {
    try (var connection = DriverManager.getConnection(database.jdbcUrl());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    pools.forEach(pool -> pool.close().await());
    vertx.close().await();
    for (EmbeddedDatabase database : databases) {
      database.thaw();
      database.close();
    }
  }
}
