package io.starling.testing.fleet;

import io.starling.testing.client.Backoff;
import io.starling.testing.client.Credentials;
import io.starling.testing.client.DeviceOptions;
import io.starling.testing.client.Target;
import java.time.Duration;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * How a fleet behaves.
 *
 * @param payloadBytes at least this; the stamp needs about 40
 * @param topic the event's name for the n-th message of the fleet
 * @param connectsPerSecond paces the first connects
 * @param eventLoops over how many event loops the devices are spread
 * @param device changes what each device does; applied to a device with a keep alive of 10 s, a
 *     back-off of up to 2 s and 16 in flight
 */
public record FleetOptions(
    Target target,
    int qos,
    int payloadBytes,
    IntFunction<String> topic,
    int connectsPerSecond,
    int eventLoops,
    UnaryOperator<DeviceOptions> device) {

  /** QoS 1, 64 bytes, topic {@code temp}, 500 connects a second, one event loop. */
  public static FleetOptions of(Target target) {
    return new FleetOptions(target, 1, 64, _ -> "temp", 500, 1, UnaryOperator.identity());
  }

  public FleetOptions withQos(int other) {
    return new FleetOptions(
        target, other, payloadBytes, topic, connectsPerSecond, eventLoops, device);
  }

  public FleetOptions withPayloadBytes(int other) {
    return new FleetOptions(target, qos, other, topic, connectsPerSecond, eventLoops, device);
  }

  public FleetOptions withTopic(String other) {
    return withTopics(_ -> other);
  }

  public FleetOptions withTopics(IntFunction<String> other) {
    return new FleetOptions(
        target, qos, payloadBytes, other, connectsPerSecond, eventLoops, device);
  }

  public FleetOptions withConnectsPerSecond(int other) {
    return new FleetOptions(target, qos, payloadBytes, topic, other, eventLoops, device);
  }

  public FleetOptions withEventLoops(int other) {
    return new FleetOptions(target, qos, payloadBytes, topic, connectsPerSecond, other, device);
  }

  /** Changes every device further. */
  public FleetOptions withDevice(UnaryOperator<DeviceOptions> change) {
    return new FleetOptions(
        target,
        qos,
        payloadBytes,
        topic,
        connectsPerSecond,
        eventLoops,
        options -> change.apply(device.apply(options)));
  }

  DeviceOptions deviceOptions(Credentials credentials) {
    var options =
        DeviceOptions.of(target, credentials)
            .withKeepAliveSeconds(10)
            .withBackoff(new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2)));
    return device.apply(options);
  }
}
