package io.starling.connection.credential;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.starling.bootstrap.bus.Bus;
import io.starling.connection.guard.TokenBucket;
import io.starling.connection.mqtt.Refusal;
import io.starling.contract.AccountsReply;
import io.starling.contract.DeviceId;
import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesReply.RegistrationRefused;
import io.starling.contract.DevicesRequest;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Has devices registered that nobody knows: asks the accounts service, for each device once at a
 * time, and not for many at once. Whatever it says they are not let in: somebody has to approve
 * them. Belongs to one event loop.
 */
public final class Registrations {
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final int MOST_UNDER_WAY = 64;
  private static final double PER_SECOND = 50;
  private static final double BURST = 100;

  private final Bus bus;
  private final TokenBucket pace = new TokenBucket(PER_SECOND, BURST, System.nanoTime());
  private final Map<DeviceId, Future<Refusal>> underWay = new HashMap<>();
  private final Map<Result, Counter> counters = new EnumMap<>(Result.class);

  private enum Result {
    REGISTERED,
    NOT_WANTED,
    QUARANTINE_FULL,
    UNAVAILABLE,
    TOO_MANY
  }

  /** Registrations of one gateway. */
  public Registrations(Bus bus, MeterRegistry meters) {
    this.bus = bus;
    for (var result : Result.values()) {
      counters.put(
          result,
          Counter.builder("starling.mqtt.registrations")
              .description("Unknown devices with a good certificate by what became of them")
              .tag("result", result.name().toLowerCase(Locale.ROOT))
              .register(meters));
    }
  }

  /** Has a device registered. Never fails: completes with what the device is told. */
  public Future<Refusal> register(Verdict.Unregistered device) {
    var asked = underWay.get(device.device());
    if (asked != null) {
      return asked;
    }
    if (underWay.size() >= MOST_UNDER_WAY || !pace.take(System.nanoTime())) {
      return Future.succeededFuture(told(Result.TOO_MANY));
    }
    var request =
        new DevicesRequest.RegisterDevice(device.device(), device.product(), device.authority());
    var answered =
        bus.ask(request, LIMIT)
            .map(Registrations::result)
            .otherwise(Result.UNAVAILABLE)
            .map(this::told);
    underWay.put(device.device(), answered);
    return answered.onComplete(_ -> underWay.remove(device.device()));
  }

  private static Result result(DevicesReply.RegisterDeviceReply reply) {
    return switch (reply) {
      case DevicesReply.DeviceRegistered _ -> Result.REGISTERED;
      case RegistrationRefused(var reason) ->
          switch (reason) {
            case NOT_WANTED -> Result.NOT_WANTED;
            case QUARANTINE_FULL -> Result.QUARANTINE_FULL;
          };
      case AccountsReply.DatabaseDown _ -> Result.UNAVAILABLE;
    };
  }

  private Refusal told(Result result) {
    Objects.requireNonNull(counters.get(result)).increment();
    return switch (result) {
      case REGISTERED, NOT_WANTED -> Refusal.NOT_AUTHORIZED;
      case QUARANTINE_FULL -> Refusal.QUOTA_EXCEEDED;
      case UNAVAILABLE -> Refusal.SERVER_UNAVAILABLE;
      case TOO_MANY -> Refusal.SERVER_BUSY;
    };
  }
}
