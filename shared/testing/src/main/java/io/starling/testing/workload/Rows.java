package io.starling.testing.workload;

import io.starling.testing.history.Observation;
import io.starling.testing.history.Ownership;
import io.starling.testing.history.Publication;
import io.starling.testing.history.SinkLog;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The events of a run that are rows, read from the database in the order of their identity. */
public final class Rows {
  private static final String SELECT =
      """
      SELECT origin_id, epoch, data FROM relay.event WHERE name = ?
      ORDER BY origin_id, epoch, sequence
      """;

  private final SinkLog log = new SinkLog("rows", true);
  private final List<Ownership> owners = new ArrayList<>();

  private Rows() {}

  /**
   * Reads them all.
   *
   * @param jdbcUrls of the servers; the first that answers is asked
   * @throws IllegalStateException when none does
   */
  public static Rows read(
      List<String> jdbcUrls, String event, Workload devices, List<List<Publication>> publications) {
    SQLException last = new SQLException("no database is known");
    for (var url : jdbcUrls) {
      try (var connection = DriverManager.getConnection(url);
          var query = connection.prepareStatement(SELECT)) {
        query.setString(1, event);
        query.setQueryTimeout(30);
        var rows = new Rows();
        rows.take(query.executeQuery(), devices, publications);
        return rows;
      } catch (SQLException e) {
        last = e;
      }
    }
    throw new IllegalStateException("the rows cannot be read: " + last.getMessage(), last);
  }

  private void take(ResultSet row, Workload devices, List<List<Publication>> publications)
      throws SQLException {
    var arrival = new Arrival(devices, log);
    while (row.next()) {
      var before = log.count();
      var text = new String(row.getBytes(3), StandardCharsets.UTF_8);
      arrival.note(text, row.getString(1), System.nanoTime());
      if (log.count() > before) {
        own(log.last(), row.getLong(2), devices, publications);
      }
    }
  }

  private void own(
      Observation seen, long epoch, Workload devices, List<List<Publication>> publications) {
    var ofDevice = publications.get(seen.device());
    if (seen.number() < ofDevice.size()) {
      var session = ofDevice.get(seen.number()).session();
      devices
          .gateway(seen.device(), session)
          .ifPresent(gateway -> owners.add(new Ownership(seen.device(), epoch, session, gateway)));
    }
  }

  public SinkLog log() {
    return log;
  }

  /** Whose epoch each event bears, without repetitions. */
  public List<Ownership> owners() {
    return owners.stream().distinct().toList();
  }
}
