package io.starling.webhooks;

import io.starling.bootstrap.settings.Settings;
import io.starling.webhooks.connect.PrivateTargets;
import io.starling.webhooks.delivery.DeliveryLimits;
import io.starling.webhooks.delivery.RetryPolicy;
import io.starling.webhooks.parked.ParkingLimits;
import io.starling.webhooks.send.SendLimits;
import io.starling.webhooks.sink.AllowedBrokers;
import java.time.Duration;

/**
 * Settings of the webhooks service.
 *
 * @param brokers that integrations may send to
 * @param slowAfter how long a delivery may hold up its shard's cursor before its integration gets
 *     one of its own
 * @param logKeep how long the log of attempts is kept
 * @param parking when and how deliveries leave the journal
 */
public record WebhooksConfig(
    DeliveryLimits limits,
    AllowedBrokers brokers,
    Duration slowAfter,
    Duration logKeep,
    ParkingLimits parking) {
  /** Dead letters of one integration and shard that wait for the database. */
  private static final int WAITING_DEAD = 1_000;

  /**
   * Reads {@code STARLING_WEBHOOK_…}.
   *
   * @param isAlone whether this process is a cloud of its own, on one machine
   */
  public static WebhooksConfig from(Settings settings, boolean isAlone) {
    var maxAge =
        settings.duration(
            "STARLING_WEBHOOK_MAX_AGE", "3d", Duration.ofMinutes(1), Duration.ofDays(7));
    var timeout =
        settings.duration(
            "STARLING_WEBHOOK_TIMEOUT", "20s", Duration.ofMillis(100), Duration.ofMinutes(2));
    int inFlight = settings.integer("STARLING_WEBHOOK_IN_FLIGHT", 512, 1, 10_000);
    int each = settings.integer("STARLING_WEBHOOK_IN_FLIGHT_EACH", 64, 1, 10_000);
    if (each > inFlight) {
      settings.reject(
          "STARLING_WEBHOOK_IN_FLIGHT_EACH", "must not be above STARLING_WEBHOOK_IN_FLIGHT");
    }
    var limits =
        new DeliveryLimits(
            new SendLimits(
                timeout,
                inFlight,
                settings.value(
                    "STARLING_WEBHOOK_PRIVATE_TARGETS",
                    isAlone ? "loopback" : "none",
                    PrivateTargets::parse)),
            new RetryPolicy(Duration.ofSeconds(1), Duration.ofSeconds(60), maxAge),
            Math.min(each, inFlight),
            settings.size("STARLING_WEBHOOK_MEMORY", "64MiB", 1 << 20, 8L << 30));
    var brokers =
        settings.value(
            "STARLING_WEBHOOK_BROKERS",
            isAlone ? "localhost,127.0.0.1" : "none",
            AllowedBrokers::parse);
    var logKeep =
        settings.duration(
            "STARLING_WEBHOOK_LOG_KEEP", "30d", Duration.ofDays(1), Duration.ofDays(400));
    return new WebhooksConfig(
        limits, brokers, Duration.ofSeconds(5), logKeep, parking(settings, maxAge));
  }

  private static ParkingLimits parking(Settings settings, Duration maxAge) {
    var after =
        settings.duration(
            "STARLING_WEBHOOK_PARK_AFTER", "60s", Duration.ofMillis(1), Duration.ofHours(1));
    var keepDead =
        settings.duration(
            "STARLING_WEBHOOK_DEAD_KEEP", "30d", Duration.ofHours(1), Duration.ofDays(365));
    return new ParkingLimits(after, maxAge, keepDead, WAITING_DEAD);
  }
}
