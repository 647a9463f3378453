package io.starling.testing.workload;

import io.starling.testing.fleet.Stamp;
import io.starling.testing.history.Publication;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Asks the database again and again which events of a workload are rows, and notes when it first
 * saw each: later than it became one by the time between two looks. One thread of its own; a
 * database that is away is tried again. Methods may be called from any thread.
 */
public final class RowWatch implements AutoCloseable {
  private static final String SELECT =
      "SELECT data, origin_id, class FROM relay.event WHERE name = ? AND published_at >= ?";
  private static final String IS_STANDBY = "SELECT pg_is_in_recovery()";

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Between the device's clock and the gateway's stamp, at most. */
  private static final Duration SLACK = Duration.ofSeconds(1);

  private static final int QUERY_SECONDS = 10;

  private final List<String> jdbcUrls;
  private final Workload devices;
  private final String event;
  private final List<OfDevice> seen;
  private final List<Long> looks = new ArrayList<>();
  private final Thread thread;
  private volatile boolean closed;

  private RowWatch(List<String> jdbcUrls, Workload devices, String event) {
    this.jdbcUrls = List.copyOf(jdbcUrls);
    this.devices = devices;
    this.event = event;
    this.seen = IntStream.range(0, devices.size()).mapToObj(_ -> new OfDevice()).toList();
    this.thread = Thread.ofPlatform().daemon().name("rows of " + event).unstarted(this::look);
  }

  /**
   * Begins to look.
   *
   * @param jdbcUrls of all servers; the one that takes writes is asked
   */
  public static RowWatch begin(List<String> jdbcUrls, Workload devices, String event) {
    var watch = new RowWatch(jdbcUrls, devices, event);
    watch.thread.start();
    return watch;
  }

  private void look() {
    while (!closed) {
      try (var connection = primary()) {
        while (connection != null && !closed) {
          read(connection);
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      } catch (SQLException _) {
        // away: tried again
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private @Nullable Connection primary() {
    for (var url : jdbcUrls) {
      try {
        var connection = DriverManager.getConnection(url);
        try (var query = connection.createStatement();
            var answer = query.executeQuery(IS_STANDBY)) {
          if (answer.next() && !answer.getBoolean(1)) {
            return connection;
          }
        }
        connection.close();
      } catch (SQLException _) {
        // the next one
      }
    }
    return null;
  }

  private void read(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement(SELECT)) {
      query.setString(1, event);
      query.setTimestamp(2, Timestamp.from(oldestMissing().minus(SLACK)));
      query.setQueryTimeout(QUERY_SECONDS);
      try (var rows = query.executeQuery()) {
        var now = System.nanoTime();
        synchronized (this) {
          while (rows.next()) {
            note(rows, now);
          }
          looks.add(now);
        }
      }
    }
  }

  private void note(ResultSet row, long now) throws SQLException {
    var stamp = Stamp.find(new String(row.getBytes(1), StandardCharsets.UTF_8));
    if (stamp.isPresent()
        && stamp.get().device() < seen.size()
        && devices.id(stamp.get().device()).equals(row.getString(2))) {
      seen.get(stamp.get().device()).note((int) stamp.get().sequence(), row.getShort(3), now);
    }
  }

  /** When the first event was published that is no row yet, or now. */
  private synchronized Instant oldestMissing() {
    var nanos = System.nanoTime();
    var now = Instant.now();
    return devices.log().all().stream()
        .flatMap(List::stream)
        .filter(event -> event.isAcked() && !isRow(event))
        .map(event -> now.minusNanos(nanos - event.invokedNanos()))
        .min(Instant::compareTo)
        .orElse(now);
  }

  private boolean isRow(Publication event) {
    return seen.get(event.device()).has(event.number());
  }

  /** When the database first answered after this moment. */
  public synchronized Optional<Long> firstLookAfter(long nanos) {
    return looks.stream().filter(look -> look - nanos > 0).findFirst();
  }

  /** When the last of the events was seen as a row that were acknowledged before this moment. */
  public synchronized Optional<Long> allRows(long ackedBeforeNanos) {
    var last = ackedBeforeNanos;
    for (var event : acked()) {
      if (event.ackedNanos() - ackedBeforeNanos < 0) {
        if (!isRow(event)) {
          return Optional.empty();
        }
        var at = seen.get(event.device()).at(event.number());
        last = at - last > 0 ? at : last;
      }
    }
    return Optional.of(last);
  }

  /**
   * From PUBLISH to row, of the acknowledged events published in this time, shortest first; of one
   * that is no row yet: so far.
   */
  public synchronized List<Duration> lags(long fromNanos, long toNanos) {
    var now = System.nanoTime();
    return acked().stream()
        .filter(e -> e.invokedNanos() - fromNanos >= 0 && e.invokedNanos() - toNanos < 0)
        .map(e -> (isRow(e) ? seen.get(e.device()).at(e.number()) : now) - e.invokedNanos())
        .map(Duration::ofNanos)
        .sorted()
        .toList();
  }

  /** How many rows bear this class, of the events published in this time. */
  public synchronized long ofClass(int code, long fromNanos, long toNanos) {
    return acked().stream()
        .filter(e -> e.invokedNanos() - fromNanos >= 0 && e.invokedNanos() - toNanos < 0)
        .filter(e -> isRow(e) && seen.get(e.device()).classOf(e.number()) == code)
        .count();
  }

  private List<Publication> acked() {
    return devices.log().all().stream().flatMap(List::stream).filter(Publication::isAcked).toList();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  /** What was seen of one device, by the numbers of its events. */
  private static final class OfDevice {
    private record Row(long atNanos, short eventClass) {}

    private final List<@Nullable Row> rows = new ArrayList<>();

    void note(int number, short eventClass, long nanos) {
      while (rows.size() <= number) {
        rows.add(null);
      }
      if (rows.get(number) == null) {
        var _ = rows.set(number, new Row(nanos, eventClass));
      }
    }

    boolean has(int number) {
      return number < rows.size() && rows.get(number) != null;
    }

    long at(int number) {
      return row(number).atNanos();
    }

    short classOf(int number) {
      return row(number).eventClass();
    }

    private Row row(int number) {
      var row = rows.get(number);
      if (row == null) {
        throw new IllegalStateException("event " + number + " is no row");
      }
      return row;
    }
  }
}
