package io.starling.connection.command;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a device reports of its own health, and what the cloud knows of its connection: {@code
 * {"device": …, "service": …}}, as Particle has it. A device sends its part as it is, or as {@code
 * device} in an object.
 *
 * @param device never changed
 */
public record Vitals(JsonObject device) {
  private static final int MAX_BYTES = 8 * 1024;
  private static final int MAX_DEPTH = 10;
  private static final String DEVICE = "device";

  /** What a device said; empty if it is too long, too deep or no object. */
  public static Optional<Vitals> read(Buffer payload) {
    if (payload.length() > MAX_BYTES) {
      return Optional.empty();
    }
    try {
      var json = new JsonObject(payload);
      var device = json.containsKey(DEVICE) ? json.getJsonObject(DEVICE) : json;
      return device != null && isFlat(device, MAX_DEPTH)
          ? Optional.of(new Vitals(device))
          : Optional.empty();
    } catch (DecodeException | ClassCastException e) {
      return Optional.empty();
    }
  }

  private static boolean isFlat(Object value, int levels) {
    return switch (value) {
      case JsonObject object ->
          levels > 0
              && object.stream()
                  .allMatch(each -> each.getValue() == null || isFlat(each.getValue(), levels - 1));
      case JsonArray array ->
          levels > 0 && array.stream().allMatch(each -> each == null || isFlat(each, levels - 1));
      default -> true;
    };
  }

  /**
   * The payload of the event, with what its gateway knows.
   *
   * @param uptimeSeconds how long the device has been connected
   * @param published how many events it has published meanwhile
   * @param roundTripMillis how long it took to answer, if it was asked
   */
  public Buffer event(long uptimeSeconds, long published, OptionalLong roundTripMillis) {
    var service =
        new JsonObject()
            .put(DEVICE, new JsonObject().put("status", "ok"))
            .put(
                "cloud",
                new JsonObject()
                    .put("uptime", uptimeSeconds)
                    .put("publish", new JsonObject().put("sent", published)));
    roundTripMillis.ifPresent(
        millis -> service.put("coap", new JsonObject().put("round_trip", millis)));
    return new JsonObject().put(DEVICE, device).put("service", service).toBuffer();
  }
}
