package io.starling.connection.command;

import io.starling.bootstrap.bus.Bus;
import io.starling.connection.guard.TokenBucket;
import io.starling.contract.AccountsReply;
import io.starling.contract.DeviceId;
import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesRequest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Takes claim codes that devices show to the accounts service: one of each device at a time, and
 * not many at once. A device that changes hands loses its connection, since it lives in another
 * account's topic space from then on. Belongs to one event loop.
 */
public final class Claims {
  private static final Duration LIMIT = Duration.ofSeconds(4);
  private static final int MOST_UNDER_WAY = 64;
  private static final double PER_SECOND = 50;
  private static final double BURST = 100;
  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9+/]{63}");

  private final Bus bus;
  private final TokenBucket pace = new TokenBucket(PER_SECOND, BURST, System.nanoTime());
  private final Set<DeviceId> underWay = new HashSet<>();

  /** Claims of one gateway. */
  public Claims(Bus bus) {
    this.bus = bus;
  }

  /** Shows a code. Never fails: completes with what the device is told, as JSON. */
  public Future<Buffer> show(DeviceId device, Buffer payload) {
    String code = payload.toString(StandardCharsets.UTF_8);
    if (!CODE.matcher(code).matches()) {
      return Future.succeededFuture(refused("code_invalid"));
    }
    if (underWay.size() >= MOST_UNDER_WAY
        || underWay.contains(device)
        || !pace.take(System.nanoTime())) {
      return Future.succeededFuture(refused("busy"));
    }
    underWay.add(device);
    return bus.ask(new DevicesRequest.ShowClaimCode(device, code), LIMIT)
        .map(Claims::told)
        .otherwise(_ -> refused("unavailable"))
        .onComplete(_ -> underWay.remove(device));
  }

  private static Buffer told(DevicesReply.ClaimReply reply) {
    return switch (reply) {
      case DevicesReply.Claimed _ -> new JsonObject().put("ok", true).toBuffer();
      case DevicesReply.ClaimRefused(var reason) ->
          refused(
              switch (reason) {
                case UNKNOWN, CODE_INVALID -> "code_invalid";
                case BELONGS_TO_ANOTHER -> "belongs_to_another";
              });
      case DevicesReply.TooManyGuesses _ -> refused("busy");
      case AccountsReply.DatabaseDown _ -> refused("unavailable");
    };
  }

  private static Buffer refused(String error) {
    return new JsonObject().put("ok", false).put("error", error).toBuffer();
  }
}
