package io.starling.testing.workload;

import io.starling.testing.client.Backoff;
import io.starling.testing.client.Credentials;
import io.starling.testing.client.DeviceOptions;
import io.starling.testing.client.Received;
import io.starling.testing.client.Target;
import io.starling.testing.client.VirtualDevice;
import io.starling.testing.history.SinkLog;
import io.starling.testing.wire.MqttVersion;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;

/**
 * An app that subscribes over MQTT at QoS 1 in a session that is kept, and goes on with it at
 * another node when its own is lost or silent: it owes everything since it subscribed.
 */
public final class SessionSink {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int EXPIRY_SECONDS = 3_600;

  private final SinkLog log = new SinkLog("mqtt-session", true);
  private final Arrival arrival;
  private final VirtualDevice app;

  private SessionSink(Workload devices, VirtualDevice app) {
    this.arrival = new Arrival(devices, log);
    this.app = app;
    app.onMessage(this::received);
  }

  /**
   * Connects and subscribes.
   *
   * @param targets the first is tried first
   * @param clientId of nobody else
   */
  public static Future<SessionSink> open(
      Vertx vertx,
      Workload devices,
      List<Target> targets,
      String token,
      String clientId,
      String event) {
    var options =
        DeviceOptions.of(targets.getFirst(), new Credentials("token", token))
            .withOthers(targets.subList(1, targets.size()))
            .withClientId(clientId)
            .withVersion(MqttVersion.V5)
            .withPersistentSession(EXPIRY_SECONDS)
            .withKeepAliveSeconds(2)
            .withConnectTimeout(Duration.ofSeconds(6))
            .withBackoff(new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1)));
    var sink = new SessionSink(devices, VirtualDevice.create(vertx, options));
    return sink.app
        .connectWithin(LIMIT)
        .compose(_ -> sink.app.subscribe(1, event))
        .compose(
            codes ->
                codes.equals(List.of(1))
                    ? Future.succeededFuture(sink)
                    : Future.failedFuture("the subscription was answered " + codes));
  }

  private void received(Received message) {
    var device = message.properties().user("device").orElse("");
    arrival.note(message.text(), device, System.nanoTime());
  }

  public SinkLog log() {
    return log;
  }

  /** How often it came to another node. */
  public long reconnects() {
    return app.reconnects();
  }

  public Future<Void> close() {
    return app.disconnect();
  }
}
