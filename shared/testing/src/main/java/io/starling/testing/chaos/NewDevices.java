package io.starling.testing.chaos;

import io.starling.testing.account.CloudApi;
import io.starling.testing.account.FleetDevices;
import io.starling.testing.client.Credentials;
import io.starling.testing.region.Region;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The devices of a run. New ones are a moment old: a node that has not heard of them yet would
 * refuse them, so each is asked until it has.
 */
final class NewDevices {
  private static final long AGAIN_MILLIS = 100;

  private NewDevices() {}

  /** So many devices of a region, all known to all its nodes. */
  static Future<List<Credentials>> of(
      Vertx vertx, Region region, CloudApi api, int count, Duration limit) {
    var demo = region.demo();
    long deadline = System.nanoTime() + limit.toNanos();
    return FleetDevices.in(demo.dataFolder())
        .fill(api, demo.get("PRODUCT_ID"), count)
        .compose(
            devices -> {
              String youngest = "/v1/devices/" + devices.getLast().id();
              var known =
                  region.nodes().stream()
                      .map(node -> known(vertx, api.at(node.apiUrl()), youngest, deadline))
                      .toList();
              return Future.all(known).map(devices);
            });
  }

  private static Future<Void> known(Vertx vertx, CloudApi api, String path, long deadline) {
    return api.get(path)
        .<Void>mapEmpty()
        .recover(
            cause ->
                System.nanoTime() > deadline
                    ? Future.failedFuture(cause)
                    : vertx
                        .timer(AGAIN_MILLIS, TimeUnit.MILLISECONDS)
                        .compose(_ -> known(vertx, api, path, deadline)));
  }
}
