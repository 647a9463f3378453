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
 * @param outageEvents published while endpoints are down
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
    int outageEvents,
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
    /** Deliveries of webhooks, and those of a bare HTTP client. */
    HOOKS,
    /** Endpoints that are down for an hour of events; once, however many repetitions. */
    OUTAGE,
    IDLE,
    SURGE,
    /** Messages at QoS 0. */
    QOS0,
    /** From device to device. */
    PAIRS,
    /** From one to many. */
    FANOUT,
    SHARED,
    /** Many CONNECTs, plain and over TLS 1.3. */
    CONNECT,
    /** The same of Mosquitto, where it has them. */
    MOSQUITTO
  }

  /** Those that are measured of several servers. */
  boolean compares() {
    return has(Row.QOS0) || has(Row.PAIRS) || has(Row.FANOUT) || has(Row.SHARED);
  }

  boolean has(Row row) {
    return rows.contains(row);
  }
}
