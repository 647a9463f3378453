package io.starling.bootstrap;

import io.micrometer.core.instrument.MeterRegistry;
import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.EpochClock;
import io.starling.bootstrap.cluster.Sessions;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.bootstrap.health.Health;
import io.vertx.core.Vertx;
import java.nio.file.Path;

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
    MeterRegistry meters) {}
