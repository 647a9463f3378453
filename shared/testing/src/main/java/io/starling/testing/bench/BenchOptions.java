package io.starling.testing.bench;

import io.starling.testing.server.ServerOptions;
import java.time.Duration;
import java.util.Set;

/**
 * How the benchmark runs.
 *
 * @param window messages in flight on each connection when saturated
 * @param rate messages a second when latencies are measured
 * @param idle connections wanted; as many are held as the limit of open files allows
 * @param surge devices that come back at once
 * @param leastWarmIntervals at least so many before a server is first measured
 * @param warmIntervals at most so many until two consecutive ones agree
 */
record BenchOptions(
    Set<Row> rows,
    int connections,
    int window,
    int payloadBytes,
    double rate,
    int idle,
    int surge,
    int repeat,
    Duration interval,
    int leastWarmIntervals,
    int warmIntervals,
    Duration measured,
    Duration settleLimit,
    ServerOptions server) {

  /** What can be measured. */
  enum Row {
    BARE,
    START,
    INGEST,
    PUBACK,
    WHOLE,
    IDLE,
    SURGE
  }

  boolean has(Row row) {
    return rows.contains(row);
  }
}
