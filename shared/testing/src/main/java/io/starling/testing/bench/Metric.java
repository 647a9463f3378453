package io.starling.testing.bench;

import java.util.Optional;

/** What the benchmark measures: the rows of its table, in order. */
enum Metric {
  BARE_RATE("bare server, QoS 1, saturated: acknowledged", "/s"),
  BARE_CPU("  server CPU per message", "us"),
  BARE_P50("  PUBACK at the fixed rate, p50", "ms"),
  BARE_P99("  p99", "ms"),
  BARE_P999("  p99.9", "ms"),
  BARE_PACED_CPU("  server CPU per message at the fixed rate", "us"),
  BARE_IDLE_HEAP("  idle connection: heap", "KB"),
  BARE_IDLE_RESIDENT("  idle connection: resident", "KB"),
  INGEST_RATE("Starling, QoS 1, saturated: acknowledged", "/s"),
  INGEST_CPU("  server CPU per event", "us"),
  INGEST_RATIO("  against the bare server", "x", 1.5),
  INGEST_DATABASE_CPU("  PostgreSQL's CPU per event, besides", "us"),
  INGEST_DRAINED_CPU("  server CPU per event until all work has settled", "us"),
  PUBACK_P50("Starling, PUBACK at the fixed rate, p50", "ms", 3.0),
  PUBACK_P99("  p99", "ms", 15.0),
  PUBACK_P999("  p99.9", "ms"),
  PUBACK_CPU("  server CPU per event", "us"),
  WHOLE_RATE("whole way (reader, webhook to 10 %, rows): acknowledged", "/s"),
  WHOLE_CPU("  server CPU per event until all has arrived", "us"),
  WHOLE_RATIO("  against the bare server", "x", 4.0),
  WHOLE_DATABASE_CPU("  PostgreSQL's CPU per event, besides", "us"),
  WHOLE_SETTLE("  from the last PUBACK until all has settled", "s"),
  WHOLE_READER_MISSING("  acknowledged, not seen by the reader", ""),
  WHOLE_WEBHOOK_MISSING("  acknowledged, not posted", "", 0.0),
  READER_P50("publish to event stream at the fixed rate, p50", "ms"),
  READER_P99("  p99", "ms"),
  READER_P999("  p99.9", "ms"),
  WEBHOOK_P50("publish to webhook at the fixed rate, p50", "ms", 5.0),
  WEBHOOK_P99("  p99", "ms", 25.0),
  WEBHOOK_P999("  p99.9", "ms"),
  HOOKS_BARE_RATE("bare HTTP client, the same bodies: posted", "/s"),
  HOOKS_BARE_CPU("  CPU per post", "us"),
  HOOKS_RATE("webhooks, out of a backlog: delivered", "/s"),
  HOOKS_RATIO("  the bare client's rate against it", "x", 1.43),
  HOOKS_CPU("  server CPU per delivery", "us"),
  HOOKS_DATABASE_CPU("  PostgreSQL's CPU per delivery meanwhile", "us"),
  HOOKS_PER_CORE("  deliveries a second per core", "/s"),
  HOOKS_MISSING("  acknowledged, not posted", "", 0.0),
  HOOKS_P50("publish to webhook at the fixed rate, p50", "ms", 5.0),
  HOOKS_P99("  p99", "ms", 25.0),
  HOOKS_ACK_P50("  from PUBACK, p50", "ms"),
  HOOKS_ACK_P99("  from PUBACK, p99", "ms"),
  HOOKS_DEAD_P50("  beside three dead endpoints, p50", "ms"),
  HOOKS_DEAD_P99("  p99", "ms"),
  HOOKS_DEAD_ACK_P50("  from PUBACK, p50", "ms"),
  HOOKS_DEAD_ACK_P99("  from PUBACK, p99", "ms"),
  HOOKS_DEAD_RATIO("  p99 against the turns without them before and after", "x", 1.1),
  OUTAGE_RATE("endpoints down for an hour of events: acknowledged", "/s"),
  OUTAGE_HEALTHY_P50("  publish to another's webhook meanwhile, saturated, p50", "ms"),
  OUTAGE_HEALTHY_P99("  p99", "ms"),
  OUTAGE_PARKED("  parked", ""),
  OUTAGE_FIRST("  up again: first delivery after", "s"),
  OUTAGE_DRAIN("  all delivered after", "s"),
  OUTAGE_ORDERED_FIRST("  in order: first delivery after", "s"),
  OUTAGE_ORDERED_DRAIN("  all delivered after", "s"),
  OUTAGE_LIMITED_DRAIN("  a tenth, at a rate that takes 30 s: all delivered after", "s"),
  OUTAGE_LIMITED_RATE("  the most within a second, against the rate", "x", 1.2),
  OUTAGE_DISORDER("  delivered out of order where that was asked for", "", 0.0),
  OUTAGE_REPEATS("  delivered twice", ""),
  OUTAGE_OTHER_IDS("  twice under another webhook-id", "", 0.0),
  IDLE_HEAP("idle connection: heap", "KB", 6.0),
  IDLE_RESIDENT("  resident", "KB"),
  IDLE_COUNT("  connections held", ""),
  CONNECT_RATE("  connects", "/s"),
  CONNECT_CPU("  server CPU per connect", "ms"),
  SURGE_BACK("surge: all devices back after", "s", 60.0),
  SURGE_CONNECT_P99("  CONNECT to CONNACK, p99", "ms"),
  SURGE_REFUSED("  refused, to come again", ""),
  SURGE_OTHERS_P99("  PUBACK of others meanwhile, p99", "ms", 1_000.0),
  QOS0_CPU("QoS 0 at 20,000/s: server CPU per message", "us"),
  QOS0_BARE_CPU("  bare server", "us"),
  QOS0_MOSQUITTO_CPU("  Mosquitto", "us"),
  PAIRS_RATE("device to device, QoS 1, saturated: delivered", "/s"),
  PAIRS_CPU("  server CPU per message", "us"),
  PAIRS_MOSQUITTO_RATE("  Mosquitto: delivered", "/s"),
  PAIRS_MOSQUITTO_CPU("  Mosquitto: server CPU per message", "us"),
  PAIRS_P50("device to device, QoS 1, 1,000/s: p50", "ms"),
  PAIRS_P99("  p99", "ms"),
  PAIRS_MOSQUITTO_P50("  Mosquitto: p50", "ms"),
  PAIRS_MOSQUITTO_P99("  p99", "ms"),
  FANOUT_CPU("one to many, QoS 0, 20/s: server CPU per delivery", "us"),
  FANOUT_MISSING("  not delivered", "%"),
  FANOUT_MOSQUITTO_CPU("  Mosquitto", "us"),
  SHARED_RATE("shared subscription, QoS 1, half publish: delivered", "/s"),
  SHARED_CPU("  server CPU per delivery", "us"),
  SHARED_MISSING("  acknowledged, not delivered", "%"),
  SHARED_MOSQUITTO_RATE("  Mosquitto: delivered", "/s"),
  SHARED_MOSQUITTO_CPU("  Mosquitto: server CPU per delivery", "us"),
  PLAIN_RATE("CONNECT storm: connects", "/s"),
  PLAIN_CPU("  server CPU per connect", "ms", 0.10),
  PLAIN_BARE_CPU("  bare server", "ms"),
  PLAIN_MOSQUITTO_CPU("  Mosquitto", "ms"),
  TLS_RATE("CONNECT storm, TLS 1.3: connects", "/s"),
  TLS_CPU("  server CPU per connect", "ms"),
  TLS_MOSQUITTO_RATE("  Mosquitto: connects", "/s"),
  TLS_MOSQUITTO_CPU("  Mosquitto: server CPU per connect", "ms"),
  MOSQUITTO_RATE("Mosquitto, QoS 1, saturated, nothing on disk: acknowledged", "/s"),
  MOSQUITTO_CPU("  server CPU per message", "us"),
  MOSQUITTO_P50("  PUBACK at the fixed rate, p50", "ms"),
  MOSQUITTO_P99("  p99", "ms"),
  MOSQUITTO_IDLE_RESIDENT("  idle connection: resident", "KB"),
  FIRST_START("first start to ready", "ms"),
  NEXT_START("next start to ready", "ms"),
  REST_RESIDENT("resident at rest", "MB"),
  ARTIFACT("size of the artifact", "MB"),
  OTHERS("CPU taken by other processes, worst interval", "%", 12.0);

  private final String title;
  private final String unit;
  private final Optional<Double> goal;

  Metric(String title, String unit) {
    this(title, unit, Optional.empty());
  }

  Metric(String title, String unit, double goal) {
    this(title, unit, Optional.of(goal));
  }

  Metric(String title, String unit, Optional<Double> goal) {
    this.title = title;
    this.unit = unit;
    this.goal = goal;
  }

  String title() {
    return title;
  }

  String unit() {
    return unit;
  }

  /** At most this is wanted. */
  Optional<Double> goal() {
    return goal;
  }
}
