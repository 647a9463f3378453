package io.starling.connection.command;

import io.starling.connection.mqtt.Message;
import io.starling.contract.GatewayReply.Busy;
import io.starling.contract.GatewayReply.CallReply;
import io.starling.contract.GatewayReply.Description;
import io.starling.contract.GatewayReply.DeviceError;
import io.starling.contract.GatewayReply.NotOffered;
import io.starling.contract.GatewayReply.PingReply;
import io.starling.contract.GatewayReply.Pong;
import io.starling.contract.GatewayReply.ReadReply;
import io.starling.contract.GatewayReply.SignalReply;
import io.starling.contract.GatewayReply.Signaled;
import io.starling.contract.GatewayReply.Silent;
import io.starling.contract.GatewayReply.VitalsReply;
import io.starling.contract.GatewayReply.VitalsTold;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of the cloud to one connected device, and what it said of itself. Belongs to one
 * event loop.
 */
public final class DeviceCommands {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceCommands.class);
  private static final int MAX_OPEN = 32;
  private static final long MAX_TIMEOUT_MILLIS = 120_000;

  private final Vertx vertx;
  private final Predicate<Message> sender;
  private final RequestIds ids;
  private final CommandMeters meters;

  // for this connection
  private final Map<String, Waiting<?>> open = new HashMap<>(4);
  private @Nullable Description description;

  /**
   * Requests to one device.
   *
   * @param sender sends to the device, or says no
   */
  public DeviceCommands(
      Vertx vertx, Predicate<Message> sender, RequestIds ids, CommandMeters meters) {
    this.vertx = vertx;
    this.sender = sender;
    this.ids = ids;
    this.meters = meters;
  }

  /** A request that the device has not answered. */
  private record Waiting<R>(
      String verb, Promise<R> answer, Function<Buffer, R> reader, long timer, long sinceNanos) {
    void read(Buffer payload) {
      var _ = answer.tryComplete(reader.apply(payload));
    }
  }

  /** Calls a function. */
  public Future<CallReply> call(String function, String argument, long timeoutMillis) {
    if (!Describe.isName(function)
        || (description != null && !description.functions().contains(function))) {
      return Future.succeededFuture(new NotOffered());
    }
    if (isBusy()) {
      return Future.succeededFuture(new Busy());
    }
    String request = ids.next();
    var message =
        Message.request(
            CloudTopic.call(function, request),
            Buffer.buffer(argument),
            CloudTopic.returned(request));
    return sender.test(message)
        ? this.<CallReply>await(
            CloudTopic.RETURN, request, timeoutMillis, Answers::returned, new Silent())
        : Future.succeededFuture(notSent());
  }

  /** Reads a variable. */
  public Future<ReadReply> read(String variable, long timeoutMillis) {
    if (!Describe.isName(variable)
        || (description != null && !description.variables().containsKey(variable))) {
      return Future.succeededFuture(new NotOffered());
    }
    if (isBusy()) {
      return Future.succeededFuture(new Busy());
    }
    String request = ids.next();
    var message =
        Message.request(
            CloudTopic.read(variable, request), Buffer.buffer(), CloudTopic.value(request));
    return sender.test(message)
        ? this.<ReadReply>await(
            CloudTopic.VALUE, request, timeoutMillis, Answers::read, new Silent())
        : Future.succeededFuture(notSent());
  }

  private static DeviceError notSent() {
    return new DeviceError("the device takes no packet of this size, or nothing at all for now");
  }

  /** Asks whether the device is there. */
  public Future<PingReply> ping(long timeoutMillis) {
    if (isBusy()) {
      return Future.succeededFuture(new Busy());
    }
    String request = ids.next();
    var message =
        Message.request(CloudTopic.ping(request), Buffer.buffer(), CloudTopic.ping(request));
    return sender.test(message)
        ? this.<PingReply>await(
            CloudTopic.PING, request, timeoutMillis, _ -> new Pong(), new Silent())
        : Future.succeededFuture(new Busy());
  }

  /** Asks the device for its vitals, which come as an event. */
  public Future<VitalsReply> vitals(long timeoutMillis) {
    if (isBusy()) {
      return Future.succeededFuture(new Busy());
    }
    String request = ids.next();
    String topic = CloudTopic.vitals(request);
    return sender.test(Message.request(topic, Buffer.buffer(), topic))
        ? this.<VitalsReply>await(
            CloudTopic.VITALS, request, timeoutMillis, _ -> new VitalsTold(), new Silent())
        : Future.succeededFuture(new Busy());
  }

  /**
   * The device has told its vitals for a request.
   *
   * @return how long it took, milliseconds; empty if that request is not open
   */
  public OptionalLong toldVitals(CloudTopic topic, Buffer payload) {
    var waiting = open.get(topic.rest());
    answered(topic, payload);
    return waiting == null
        ? OptionalLong.empty()
        : OptionalLong.of(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - waiting.sinceNanos()));
  }

  /** Makes the device show itself, or stop it. */
  public SignalReply signal(boolean on) {
    var payload = Buffer.buffer(on ? "1" : "0");
    return sender.test(Message.cloud(CloudTopic.signal(), payload)) ? new Signaled() : new Busy();
  }

  /** What the device said of itself; nothing before it did. */
  public Description description() {
    return description == null ? Description.NONE : description;
  }

  /** Tells whether the device owes an answer. */
  public boolean isOpen() {
    return !open.isEmpty();
  }

  private boolean isBusy() {
    if (open.size() < MAX_OPEN) {
      return false;
    }
    meters.busy().increment();
    return true;
  }

  private <R> Future<R> await(
      String verb, String request, long timeoutMillis, Function<Buffer, R> reader, R silence) {
    Promise<R> answer = Promise.promise();
    long timer =
        vertx.setTimer(
            Math.clamp(timeoutMillis, 1, MAX_TIMEOUT_MILLIS),
            _ -> {
              open.remove(request);
              meters.silent().increment();
              var _ = answer.tryComplete(silence);
            });
    open.put(request, new Waiting<>(verb, answer, reader, timer, System.nanoTime()));
    // It may have been sent, so a lost connection must not look as if asking again were safe.
    return answer.future().otherwise(silence);
  }

  /** Takes what the device published below {@code $cloud/}. */
  public void received(CloudTopic topic, Buffer payload) {
    switch (topic.verb()) {
      case CloudTopic.RETURN, CloudTopic.VALUE, CloudTopic.PING -> answered(topic, payload);
      case CloudTopic.DESCRIBE ->
          Describe.read(payload)
              .ifPresentOrElse(
                  now -> description = now,
                  () -> LOG.debug("A device described itself in a way that is not understood"));
      default -> LOG.debug("A device published to $cloud/{}, which means nothing", topic.verb());
    }
  }

  private void answered(CloudTopic topic, Buffer payload) {
    var waiting = open.get(topic.rest());
    if (waiting == null || !waiting.verb().equals(topic.verb())) {
      LOG.debug("A device answered what was not asked, or too late");
      return;
    }
    open.remove(topic.rest());
    var _ = vertx.cancelTimer(waiting.timer());
    meters.answered().increment();
    waiting.read(payload);
  }

  /** The connection is gone: nothing open will be answered any more. */
  public void close() {
    var ended = List.copyOf(open.values());
    open.clear();
    for (var waiting : ended) {
      var _ = vertx.cancelTimer(waiting.timer());
      meters.silent().increment();
      var _ = waiting.answer().tryFail("connection lost");
    }
  }
}
