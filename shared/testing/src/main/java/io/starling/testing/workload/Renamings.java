package io.starling.testing.workload;

import io.starling.testing.account.CloudApi;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An app that changes configuration: it renames one device after the other, by one node after the
 * other, and records what it was told. Thread-safe.
 */
public final class Renamings {
  private static final int MOST_AT_ONCE = 8;
  private static final String SELECT = "SELECT id, name FROM accounts.device WHERE name LIKE ?";

  private final Vertx vertx;
  private final List<CloudApi> nodes;
  private final Workload devices;
  private final String prefix =
      "renamed-" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36) + "-";
  private final List<Change> changes = new ArrayList<>();
  private int waiting;
  private long timer = -1;

  /**
   * One change, whose number is the end of the new name.
   *
   * @param acknowledgedNanos empty: it was not, and may have been made or not
   */
  private record Change(int device, long madeNanos, Optional<Long> acknowledgedNanos) {}

  public Renamings(Vertx vertx, List<CloudApi> nodes, Workload devices) {
    this.vertx = vertx;
    this.nodes = List.copyOf(nodes);
    this.devices = devices;
  }

  /** Begins to rename so often a second. */
  public void start(double perSecond) {
    timer = vertx.setPeriodic(Math.max(1, Math.round(1_000 / perSecond)), _ -> rename());
  }

  private void rename() {
    int number;
    Change change;
    synchronized (this) {
      if (waiting >= Math.min(MOST_AT_ONCE, devices.size())) {
        return;
      }
      waiting++;
      number = changes.size();
      change = new Change(number % devices.size(), System.nanoTime(), Optional.empty());
      changes.add(change);
    }
    nodes
        .get(number % nodes.size())
        .put(
            "/v1/devices/" + devices.id(change.device()),
            new JsonObject().put("name", prefix + number))
        .onComplete(answer -> answered(number, change, answer.succeeded()));
  }

  private synchronized void answered(int number, Change change, boolean acknowledged) {
    waiting--;
    if (acknowledged) {
      changes.set(
          number, new Change(change.device(), change.madeNanos(), Optional.of(System.nanoTime())));
    }
  }

  /** Changes no more; changes under way go on. */
  public void stop() {
    vertx.cancelTimer(timer);
  }

  /** How many changes have no answer yet. */
  public synchronized int waiting() {
    return waiting;
  }

  /** How many changes were acknowledged. */
  public synchronized long acknowledged() {
    return changes.stream().filter(change -> change.acknowledgedNanos().isPresent()).count();
  }

  /** When the first change was acknowledged that was made after this moment. */
  public synchronized Optional<Long> acknowledgedAfter(long nanos) {
    return changes.stream()
        .filter(change -> change.madeNanos() - nanos >= 0)
        .flatMap(change -> change.acknowledgedNanos().stream())
        .min((a, b) -> Long.signum(a - b));
  }

  /**
   * Devices that bear a name of before the last acknowledged change.
   *
   * @param jdbcUrls of the servers, the one that takes writes first
   */
  public List<String> missing(List<String> jdbcUrls) {
    var names = names(jdbcUrls);
    var missing = new ArrayList<String>();
    lastAcknowledged()
        .forEach(
            (device, number) -> {
              var found = names.getOrDefault(devices.id(device), -1);
              if (found < number) {
                missing.add(
                    "%s is not %s%d but %s"
                        .formatted(
                            devices.id(device), prefix, number, found < 0 ? "what it was" : found));
              }
            });
    return missing;
  }

  /** Changes of a device follow one another, as so few are under way. */
  private synchronized Map<Integer, Integer> lastAcknowledged() {
    var last = new HashMap<Integer, Integer>();
    for (var number = 0; number < changes.size(); number++) {
      if (changes.get(number).acknowledgedNanos().isPresent()) {
        last.put(changes.get(number).device(), number);
      }
    }
    return last;
  }

  private Map<String, Integer> names(List<String> jdbcUrls) {
    try (var connection = DriverManager.getConnection(jdbcUrls.getFirst());
        var query = connection.prepareStatement(SELECT)) {
      query.setString(1, prefix + "%");
      var rows = query.executeQuery();
      var names = new HashMap<String, Integer>();
      while (rows.next()) {
        names.put(
            rows.getString(1), Integer.parseInt(rows.getString(2).substring(prefix.length())));
      }
      return names;
    } catch (SQLException e) {
      throw new IllegalStateException("the names cannot be read: " + e.getMessage(), e);
    }
  }
}
