package io.starling.testing.workload;

import io.starling.testing.client.ConnectionEvent;
import io.starling.testing.client.Received;
import io.starling.testing.client.VirtualDevice;
import io.starling.testing.fleet.Stamp;
import io.starling.testing.history.CallRecord;
import io.starling.testing.history.Execution;
import io.starling.testing.history.PublicationLog;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One device that records what it does. For the event loop of its device. */
final class ChaosDevice {
  /** The function that it offers. */
  static final String FUNCTION = "echo";

  private static final int MOST_UNANSWERED = 8;
  private static final int PAYLOAD_BYTES = 64;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final int number;
  private final VirtualDevice device;
  private final boolean redelivers;
  private final String event;
  private final PublicationLog log;
  private final Consumer<Execution> executions;
  private final Map<Integer, String> gateways = new ConcurrentHashMap<>();

  // for this connection
  private int session;
  private boolean connected;
  private int unanswered;
  private long heardNanos;

  ChaosDevice(
      int number,
      VirtualDevice device,
      boolean redelivers,
      String event,
      PublicationLog log,
      Consumer<Execution> executions) {
    this.number = number;
    this.device = device;
    this.redelivers = redelivers;
    this.event = event;
    this.log = log;
    this.executions = executions;
    device.onConnection(this::tell);
    device.onMessage(this::received);
  }

  Future<Void> connect(Duration limit) {
    return device
        .connectWithin(limit)
        .compose(_ -> device.subscribe(1, "$cloud/call/+/+"))
        .mapEmpty();
  }

  /** Publishes the next event, unless it is not connected or too much is unanswered. */
  boolean publish() {
    if (!connected || unanswered >= MOST_UNANSWERED) {
      return false;
    }
    var now = System.nanoTime();
    var sequence = log.invoke(number, redelivers ? 0 : session, now);
    unanswered++;
    device
        .publish(event, new Stamp(number, sequence, now).payload(PAYLOAD_BYTES), 1)
        .onComplete(
            answer -> {
              unanswered--;
              if (answer.succeeded()) {
                heardNanos = System.nanoTime();
                if (answer.result().isAccepted()) {
                  log.acknowledge(number, sequence, heardNanos);
                }
              }
            });
    return true;
  }

  /** Gives a connection up on which nothing is answered any more. */
  void look() {
    if (connected && unanswered > 0 && System.nanoTime() - heardNanos > PATIENCE_NANOS) {
      device.cut().onFailure(_ -> connected = false);
    }
  }

  int unanswered() {
    return unanswered;
  }

  VirtualDevice device() {
    return device;
  }

  /** Where its connection of this number went, if its events tell their epoch's connection. */
  Optional<String> gateway(int ofSession) {
    return redelivers ? Optional.empty() : Optional.ofNullable(gateways.get(ofSession));
  }

  private void tell(ConnectionEvent what) {
    switch (what) {
      case ConnectionEvent.Connected _ -> {
        session++;
        gateways.put(session, device.target().host());
        connected = true;
        heardNanos = System.nanoTime();
        var describe =
            new JsonObject()
                .put("functions", JsonArray.of(FUNCTION))
                .put("platform", "virtual")
                .toBuffer();
        device.publish("$cloud/describe", describe, 1).otherwiseEmpty();
      }
      case ConnectionEvent.Lost _ -> connected = false;
      case ConnectionEvent.RetryIn _ -> {}
      case ConnectionEvent.Ended _ -> connected = false;
    }
  }

  private void received(Received message) {
    var levels = message.topic().split("/", -1);
    if (levels.length != 4 || !levels[1].equals("call") || message.duplicate()) {
      return;
    }
    var call = Integer.parseInt(message.text());
    executions.accept(new Execution(call, number));
    var answer = Buffer.buffer(Integer.toString(CallRecord.answer(call, number)));
    device.publish("$cloud/return/" + levels[3], answer, 1).otherwiseEmpty();
  }
}
