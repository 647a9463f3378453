package io.starling.webhooks.note;

import io.starling.contract.IntegrationId;
import io.starling.contract.JournalPosition;
import io.starling.postgres.PrimaryPool;
import io.starling.postgres.Term;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/** The table {@code webhooks.position}: what a database knows of how far a shard had come. */
public final class PositionStore {
  private static final String OTHERS = "";

  private static final String CLEAR = "DELETE FROM webhooks.position WHERE shard = $1";
  private static final String WRITE =
      """
      INSERT INTO webhooks.position (shard, integration, journal_index, journal_offset)
      SELECT $1, integration, journal_index, journal_offset
      FROM unnest($2::text[], $3::bigint[], $4::integer[])
        AS t (integration, journal_index, journal_offset)
      """;
  private static final String READ =
      "SELECT integration, journal_index, journal_offset FROM webhooks.position WHERE shard = $1";

  private final PrimaryPool pool;

  /** The table of the database behind a pool. */
  public PositionStore(PrimaryPool pool) {
    this.pool = pool;
  }

  /** What a database says, and of which term it is. */
  public record Read(Term term, Positions positions) {}

  /**
   * Writes them, unless the database is of another term than expected: then what it has is what
   * tells from where on rows are missing.
   */
  public Future<Void> write(int shard, Positions positions, Term expected) {
    return pool.withTransaction(
        connection ->
            Term.read(connection)
                .compose(
                    term ->
                        term.equals(expected)
                            ? run(connection, CLEAR, Tuple.of(shard))
                                .compose(_ -> run(connection, WRITE, values(shard, positions)))
                                .<Void>mapEmpty()
                            : Future.succeededFuture()));
  }

  private static Tuple values(int shard, Positions positions) {
    var names = new ArrayList<String>();
    var places = new ArrayList<JournalPosition>();
    names.add(OTHERS);
    places.add(positions.others());
    positions
        .own()
        .forEach(
            (integration, place) -> {
              names.add(integration.toString());
              places.add(place);
            });
    return Tuple.of(
        shard,
        names.toArray(String[]::new),
        places.stream().map(JournalPosition::index).toArray(Long[]::new),
        places.stream().map(JournalPosition::offset).toArray(Integer[]::new));
  }

  /** Reads them; the start of the journal where the database has none. */
  public Future<Read> read(int shard) {
    return pool.withConnection(
        connection ->
            Term.read(connection)
                .compose(
                    term ->
                        run(connection, READ, Tuple.of(shard))
                            .map(rows -> new Read(term, positions(rows)))));
  }

  private static Positions positions(RowSet<Row> rows) {
    var others = Positions.NONE.others();
    Map<IntegrationId, JournalPosition> own = new HashMap<>();
    for (var row : rows) {
      String name = row.getString(0);
      var place = new JournalPosition(row.getLong(1), row.getInteger(2));
      if (name.equals(OTHERS)) {
        others = place;
      } else {
        own.put(IntegrationId.of(name), place);
      }
    }
    return new Positions(others, own);
  }

  private static Future<RowSet<Row>> run(SqlConnection connection, String query, Tuple values) {
    return connection.preparedQuery(query).execute(values);
  }
}
