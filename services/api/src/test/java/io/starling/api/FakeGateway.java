package io.starling.api;

import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.SessionEntry;
import io.starling.bootstrap.cluster.Sessions;
import io.starling.contract.DeviceId;
import io.starling.contract.GatewayHint;
import io.starling.contract.GatewayReply;
import io.starling.contract.GatewayRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A gateway with devices that offer {@code led}, {@code silent}, {@code sick} and {@code busy}. */
final class FakeGateway {
  private final String name;
  private final Map<DeviceId, Long> epochs = new ConcurrentHashMap<>();
  private volatile boolean frozen;
  final Map<DeviceId, GatewayReply.VitalsReply> vitals = new ConcurrentHashMap<>();
  final List<GatewayRequest> asked = new CopyOnWriteArrayList<>();

  FakeGateway(String name) {
    this.name = name;
  }

  /** Tells every second that it is there, as gateways do, until it is frozen. */
  Future<Bus.Registration> serve(Vertx vertx, Bus bus) {
    vertx.setPeriodic(
        0,
        1_000,
        _ -> {
          if (!frozen) {
            bus.publish(new GatewayHint.Present(name, 0));
          }
        });
    return bus.serve("gateway." + name, GatewayRequest.class, this::answer);
  }

  /** Connects a device here. */
  Future<?> connect(Sessions sessions, DeviceId device, long epoch) {
    epochs.put(device, epoch);
    return sessions.put(
        device.toString(), new SessionEntry(name, epoch, true, (epoch >>> 16) + 500, "192.0.2.7"));
  }

  /** Tells one edge, at once, that it is there. */
  Future<Void> tell(Bus bus) {
    return bus.deliver(new GatewayHint.Present(name, 0), Duration.ofSeconds(20));
  }

  /** Connects a device here without telling the map of sessions. */
  void hold(DeviceId device, long epoch) {
    epochs.put(device, epoch);
  }

  /** Tells and answers nothing from now on. */
  void freeze() {
    frozen = true;
  }

  private Future<? extends GatewayReply> answer(GatewayRequest request) {
    asked.add(request);
    if (frozen) {
      return Promise.<GatewayReply>promise().future();
    }
    return switch (request) {
      case GatewayRequest.CallFunction call -> Future.succeededFuture(call(call));
      case GatewayRequest.ReadVariable read -> Future.succeededFuture(read(read));
      case GatewayRequest.Describe describe ->
          Future.succeededFuture(
              isHere(describe.device(), describe.epoch())
                  ? new GatewayReply.Description(
                      List.of("led", "silent", "sick", "busy"),
                      Map.of("temp", "double", "name", "string"),
                      null,
                      null,
                      7,
                      null)
                  : new GatewayReply.Moved());
      case GatewayRequest.Ping ping ->
          Future.succeededFuture(
              isHere(ping.device(), ping.epoch())
                  ? new GatewayReply.Pong()
                  : new GatewayReply.Moved());
      case GatewayRequest.UpdateVitals update ->
          Future.succeededFuture(
              isHere(update.device(), update.epoch())
                  ? vitals.getOrDefault(update.device(), new GatewayReply.VitalsTold())
                  : new GatewayReply.Moved());
      case GatewayRequest.Signal signal ->
          Future.succeededFuture(
              isHere(signal.device(), signal.epoch())
                  ? new GatewayReply.Signaled()
                  : new GatewayReply.Moved());
      case GatewayRequest.Find find ->
          Future.succeededFuture(
              new GatewayReply.Held(
                  find.devices().stream()
                      .filter(epochs::containsKey)
                      .map(device -> held(device, epochs.getOrDefault(device, 0L)))
                      .toList()));
      case GatewayRequest.Kick _ -> Future.failedFuture("not of this fake");
    };
  }

  private static GatewayReply.HeldSession held(DeviceId device, long epoch) {
    return new GatewayReply.HeldSession(device, epoch, 500, 60, "192.0.2.7");
  }

  private boolean isHere(DeviceId device, long epoch) {
    return Long.valueOf(epoch).equals(epochs.get(device));
  }

  private GatewayReply.CallReply call(GatewayRequest.CallFunction call) {
    if (!isHere(call.device(), call.epoch())) {
      return new GatewayReply.Moved();
    }
    return switch (call.function()) {
      case "led" -> new GatewayReply.Returned(call.argument().length());
      case "silent" -> new GatewayReply.Silent();
      case "sick" -> new GatewayReply.DeviceError("invalid_token");
      case "busy" -> new GatewayReply.Busy();
      default -> new GatewayReply.NotOffered();
    };
  }

  private GatewayReply.ReadReply read(GatewayRequest.ReadVariable read) {
    if (!isHere(read.device(), read.epoch())) {
      return new GatewayReply.Moved();
    }
    return switch (read.variable()) {
      case "temp" -> new GatewayReply.Value("21.5");
      case "name" -> new GatewayReply.Value("\"böb\"");
      case "silent" -> new GatewayReply.Silent();
      default -> new GatewayReply.NotOffered();
    };
  }
}
