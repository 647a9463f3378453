package io.starling.standalone;

import static io.starling.standalone.Waiting.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.testing.account.CloudApi;
import io.starling.testing.client.Credentials;
import io.starling.testing.client.DeviceOptions;
import io.starling.testing.client.VirtualDevice;
import io.starling.testing.sink.SseReader;
import io.starling.testing.wire.ClientPackets.Message;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A well-behaved device, which publishes all the time on one connection, and a stream which ought
 * to show all of it.
 */
final class Steady {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final long PAUSE_MILLIS = 20;
  private static final String NAME = "steady";

  private final VirtualDevice device;
  private final SseReader stream;

  private Steady(VirtualDevice device, SseReader stream) {
    this.device = device;
    this.stream = stream;
  }

  /** Connects and begins; it ends with its Vert.x. */
  static Steady start(Vertx vertx, Server server, CloudApi api, Credentials credentials) {
    var options = DeviceOptions.of(server.target(), credentials).withoutReconnect();
    var device = VirtualDevice.create(vertx, options);
    var stream = get(SseReader.open(vertx, api.eventsUrl()));
    get(device.connect());
    vertx.setPeriodic(
        PAUSE_MILLIS,
        _ -> {
          var _ =
              device.publishNumbered(
                  number -> new Message(NAME, Buffer.buffer(Long.toString(number)), 1));
        });
    return new Steady(device, stream);
  }

  /** Has kept its connections, and what it has published so far was acknowledged and arrived. */
  void check() {
    int published = device.history().published();
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              assertThat(device.isConnected()).as("the device is connected").isTrue();
              assertThat(stream.isConnected()).as("the stream is open").isTrue();
              assertThat(device.history().ackedSequences())
                  .as("acknowledged")
                  .containsAll(IntStream.range(0, published).boxed().toList());
              assertThat(arrived())
                  .as("arrived")
                  .containsAll(IntStream.range(0, published).mapToObj(String::valueOf).toList());
            });
  }

  private Set<String> arrived() {
    return stream.events().stream()
        .filter(event -> event.name().equals(NAME))
        .map(event -> new JsonObject(event.data()).getString("data"))
        .collect(Collectors.toSet());
  }
}
