package io.starling.testing.device;

import io.starling.testing.Await;
import io.starling.testing.client.ConnectRefused;
import io.starling.testing.client.ConnectionEvent;
import io.starling.testing.client.DeviceOptions;
import io.starling.testing.client.NotSent;
import io.starling.testing.client.Received;
import io.starling.testing.client.VirtualDevice;
import io.starling.testing.wire.ReasonCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * One device that tells what it does, a line each, until it is closed or its session taken over.
 */
final class SingleDevice {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  private final Vertx vertx;
  private final DeviceOptions options;
  private final VirtualDevice device;
  private final DemoFirmware firmware = new DemoFirmware(ThreadLocalRandom.current());
  private final DemoLedgers ledgers;
  private final Consumer<String> out;
  private final Promise<String> ended = Promise.promise();

  SingleDevice(Vertx vertx, DeviceOptions options, DemoLedgers ledgers, Consumer<String> out) {
    this.vertx = vertx;
    this.options = options;
    this.device = VirtualDevice.create(vertx, options);
    this.ledgers = ledgers;
    this.out = out;
    device.onConnection(this::tell);
    device.onMessage(this::received);
  }

  /**
   * Connects, describes itself, and publishes each time this passes. Fails, with what to do about
   * it, when the first attempt does not succeed.
   */
  Future<Void> start(String event, Duration every, int qos) {
    return device
        .connect()
        .recover(failure -> Future.failedFuture(explain(failure)))
        .compose(
            _ ->
                device.subscribe(
                    1, "$cloud/call/+/+", "$cloud/read/+/+", "$cloud/vitals/+", "$cloud/signal"))
        .compose(SingleDevice::granted)
        .onSuccess(_ -> vertx.setPeriodic(1, every.toMillis(), _ -> measure(event, qos)))
        .mapEmpty();
  }

  /** Completes with the reason when the device will not come back by itself. */
  Future<String> ended() {
    return ended.future();
  }

  void close() {
    Await.done(device.disconnect(), Duration.ofSeconds(3));
    line("disconnected");
  }

  private static Future<Void> granted(List<Integer> codes) {
    var refused = codes.stream().filter(code -> code >= 0x80).findFirst();
    return refused.isEmpty()
        ? Future.succeededFuture()
        : Future.failedFuture(
            "server refused to let the device hear of calls: "
                + ReasonCode.describe(refused.get()));
  }

  private IllegalStateException explain(Throwable failure) {
    var what =
        failure instanceof ConnectRefused
            ? "%s; check device id and secret (%s)"
                .formatted(failure.getMessage(), options.credentials().id())
            : "could not reach %s: %s; is the server running?"
                .formatted(options.target(), failure.getMessage());
    return new IllegalStateException(what, failure);
  }

  private void tell(ConnectionEvent event) {
    switch (event) {
      case ConnectionEvent.Connected _ -> {
        line(
            "connected to %s as %s (MQTT %s)"
                .formatted(
                    options.target(),
                    options.credentials().id(),
                    options.session().version().isFive() ? "5" : "3.1.1"));
        publish("$cloud/describe", DemoFirmware.describe().toBuffer(), 1, "described itself");
        publish("$cloud/vitals", DemoFirmware.vitals().toBuffer(), 1, "told its vitals");
        ledgers
            .atConnect()
            .forEach(it -> publish(it.topic(), Buffer.buffer(it.payload()), 1, it.line()));
      }
      case ConnectionEvent.Lost(var cause, _) -> line("connection lost: " + cause);
      case ConnectionEvent.RetryIn(var delay, _) ->
          line("trying again in %d ms".formatted(delay.toMillis()));
      case ConnectionEvent.Ended(var cause) -> ended.tryComplete(cause);
    }
  }

  private void measure(String event, int qos) {
    var value = firmware.measure();
    publish(event, Buffer.buffer(value), qos, "published %s %s".formatted(event, value));
  }

  private void received(Received message) {
    var answer = firmware.answer(message.topic(), message.text());
    var state = ledgers.told(message.topic(), message.text());
    if (state.isPresent()) {
      line(state.get());
    } else if (answer.isPresent()) {
      publish(answer.get().topic(), answer.get().payload(), 1, answer.get().line());
    } else {
      line("received %s %s".formatted(message.topic(), message.text()));
    }
  }

  private void publish(String topic, Buffer payload, int qos, String what) {
    var sent = System.nanoTime();
    device
        .publish(topic, payload, qos)
        .onSuccess(
            ack -> {
              var millis = (System.nanoTime() - sent) / 1e6;
              line(
                  ack.isAccepted()
                      ? "%s (acknowledged in %.1f ms)".formatted(what, millis)
                      : "%s: refused, %s".formatted(what, ReasonCode.describe(ack.reasonCode())));
            })
        .onFailure(
            failure -> {
              if (failure instanceof NotSent && !ended.future().isComplete()) {
                line("%s: no answer, %s".formatted(what, failure.getMessage()));
              }
            });
  }

  private void line(String text) {
    out.accept(TIME.format(LocalTime.now(ZoneId.systemDefault())) + " " + text);
  }
}
