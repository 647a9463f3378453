package io.starling.bootstrap;

import io.micrometer.core.instrument.MeterRegistry;
import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.EpochClock;
import io.starling.bootstrap.cluster.Sessions;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.bootstrap.health.Health;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * What every service of a process is given.
 *
 * @param name of this process in its region, part of its bus addresses
 * @param region its region's name
 * @param data the folder below which it keeps what it keeps
 * @param shards the region's number of shards, fixed when it was created
 */
public record Node(
    String name,
    String region,
    Path data,
    int shards,
    Vertx vertx,
    Bus bus,
    EpochClock clock,
    Sessions sessions,
    ShardLeaders leaders,
    Health health,
    MeterRegistry meters) {

  /** The node of a process: opens what it shares with the other nodes of its Vert.x. */
  public static Future<Node> open(
      String name,
      String region,
      Path data,
      int shards,
      Vertx vertx,
      Sessions sessions,
      Health health,
      MeterRegistry meters) {
    var bus = new Bus(vertx);
    var clock = new EpochClock(InstantSource.system());
    return ShardLeaders.open(bus)
        .map(
            leaders ->
                new Node(
                    name, region, data, shards, vertx, bus, clock, sessions, leaders, health,
                    meters));
  }
}
