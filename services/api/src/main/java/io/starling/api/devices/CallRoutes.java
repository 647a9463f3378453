package io.starling.api.devices;

import io.starling.api.access.Access;
import io.starling.api.region.GatewayClient;
import io.starling.api.region.SessionFinder;
import io.starling.bootstrap.usage.UsageCounter;
import io.starling.contract.GatewayReply;
import io.starling.contract.GatewayRequest;
import io.starling.contract.Scope;
import io.starling.contract.UsageKind;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Calling functions, reading variables, and asking whether a device is there. */
public final class CallRoutes {
  private static final int MAX_NAME_BYTES = 64;
  private static final int MAX_ARGUMENT_BYTES = 1024;

  private static final Kinds FUNCTION =
      new Kinds(UsageKind.FUNCTION_SUCCESS, UsageKind.FUNCTION_FAILURE, UsageKind.FUNCTION_OFFLINE);
  private static final Kinds VARIABLE =
      new Kinds(UsageKind.VARIABLE_SUCCESS, UsageKind.VARIABLE_FAILURE, UsageKind.VARIABLE_OFFLINE);

  private final Access access;
  private final SessionFinder sessions;
  private final GatewayClient gateways;
  private final UsageCounter usage;
  private final Duration timeout;

  /**
   * Routes that ask gateways.
   *
   * @param timeout how long a device may take
   */
  public CallRoutes(
      Access access,
      SessionFinder sessions,
      GatewayClient gateways,
      UsageCounter usage,
      Duration timeout) {
    this.access = access;
    this.sessions = sessions;
    this.gateways = gateways;
    this.usage = usage;
    this.timeout = timeout;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    for (String device : new String[] {"/v1/devices", "/v1/products/:product/devices"}) {
      endpoints.guarded(HttpMethod.PUT, device + "/:device/ping", Scope.DEVICES_PING, this::ping);
      endpoints.guarded(
          HttpMethod.GET, device + "/:device/:variable", Scope.DEVICES_VARIABLE_GET, this::read);
      endpoints.guarded(
          HttpMethod.POST, device + "/:device/:function", Scope.DEVICES_FUNCTION_CALL, this::call);
    }
  }

  private Future<Answer> call(Exchange exchange) {
    String function = exchange.path("function");
    String argument = exchange.fields().firstText("args", "arg", "params").orElse("");
    return access
        .device(exchange)
        .then(
            device -> {
              if (!isName(function)) {
                return Future.succeededFuture(functionNotFound(function));
              }
              if (bytes(argument) > MAX_ARGUMENT_BYTES) {
                return Future.succeededFuture(
                    Errors.error(400, "The argument is longer than 1024 bytes"));
              }
              return gateways
                  .<GatewayReply.CallReply, GatewayRequest.CallFunction>ask(
                      device.id(),
                      timeout.plusSeconds(1),
                      (gateway, epoch) ->
                          new GatewayRequest.CallFunction(
                              gateway, device.id(), epoch, function, argument, timeout.toMillis()))
                  .onSuccess(reply -> count(device, reply, FUNCTION))
                  .map(reply -> called(exchange, device, function, reply));
            });
  }

  /** As what the outcomes of a kind of request are counted. */
  private record Kinds(UsageKind success, UsageKind failure, UsageKind offline) {}

  private void count(Entry.Device device, Optional<? extends GatewayReply> reply, Kinds kinds) {
    var owner = device.owner();
    if (owner != null) {
      var kind =
          reply
              .map(
                  answer ->
                      answer instanceof GatewayReply.Returned
                              || answer instanceof GatewayReply.Value
                          ? kinds.success
                          : kinds.failure)
              .orElse(kinds.offline);
      usage.count(owner, device.product(), device.id(), kind, 1);
    }
  }

  private static Answer.Whole called(
      Exchange exchange,
      Entry.Device device,
      String function,
      Optional<GatewayReply.CallReply> reply) {
    if (reply.isEmpty()) {
      return Errors.error(400, "Timed out.");
    }
    return switch (reply.get()) {
      case GatewayReply.Returned(int value) ->
          isRaw(exchange)
              ? Answer.text(Integer.toString(value))
              : Answer.json(
                  new JsonObject()
                      .put("id", device.id().toString())
                      .put("name", device.name())
                      .put("connected", true)
                      .put("return_value", value));
      case GatewayReply.NotOffered _ -> functionNotFound(function);
      case GatewayReply.DeviceError(var message) -> deviceError(message);
      case GatewayReply.Busy _ -> busy();
      case GatewayReply.Silent _, GatewayReply.Moved _ -> Errors.error(400, "Timed out.");
    };
  }

  private Future<Answer> read(Exchange exchange) {
    String variable = exchange.path("variable");
    return access
        .device(exchange)
        .then(
            device ->
                isName(variable)
                    ? gateways
                        .<GatewayReply.ReadReply, GatewayRequest.ReadVariable>ask(
                            device.id(),
                            timeout.plusSeconds(1),
                            (gateway, epoch) ->
                                new GatewayRequest.ReadVariable(
                                    gateway, device.id(), epoch, variable, timeout.toMillis()))
                        .onSuccess(reply -> count(device, reply, VARIABLE))
                        .compose(reply -> value(exchange, device, variable, reply))
                    : Future.succeededFuture(variableNotFound()));
  }

  private Future<Answer.Whole> value(
      Exchange exchange,
      Entry.Device device,
      String variable,
      Optional<GatewayReply.ReadReply> reply) {
    if (reply.isEmpty()) {
      return Future.succeededFuture(silentVariable());
    }
    return switch (reply.get()) {
      case GatewayReply.Value(var text) ->
          isRaw(exchange)
              ? Future.succeededFuture(Answer.text(String.valueOf(decode(text))))
              : sessions
                  .find(device.id())
                  .otherwise(Optional.empty())
                  .map(
                      session ->
                          Answer.json(
                              new JsonObject()
                                  .put("cmd", "VarReturn")
                                  .put("name", variable)
                                  .put("result", decode(text))
                                  .put("coreInfo", DeviceJson.coreInfo(device, session))));
      case GatewayReply.NotOffered _ -> Future.succeededFuture(variableNotFound());
      case GatewayReply.DeviceError(var message) -> Future.succeededFuture(deviceError(message));
      case GatewayReply.Busy _ -> Future.succeededFuture(busy());
      case GatewayReply.Silent _, GatewayReply.Moved _ -> Future.succeededFuture(silentVariable());
    };
  }

  private Future<Answer> ping(Exchange exchange) {
    return access
        .device(exchange)
        .then(
            device ->
                gateways
                    .<GatewayReply.PingReply, GatewayRequest.Ping>ask(
                        device.id(),
                        timeout.plusSeconds(1),
                        (gateway, epoch) ->
                            new GatewayRequest.Ping(
                                gateway, device.id(), epoch, timeout.toMillis()))
                    .map(
                        reply ->
                            Answer.json(
                                new JsonObject()
                                    .put(
                                        "online",
                                        reply
                                            .filter(GatewayReply.Pong.class::isInstance)
                                            .isPresent())
                                    .put("ok", true))));
  }

  private static boolean isRaw(Exchange exchange) {
    return exchange.fieldOrQuery("format").filter("raw"::equals).isPresent();
  }

  /** The name becomes one level of a topic: nothing that could reach into another. */
  private static boolean isName(String name) {
    return !name.isEmpty()
        && bytes(name) <= MAX_NAME_BYTES
        && name.chars().noneMatch(c -> c == '/' || c == '+' || c == '#' || c < ' ');
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** A value that is no JSON after all is a text. */
  private static Object decode(String text) {
    try {
      Object value = Json.decodeValue(text);
      return value == null ? "null" : value;
    } catch (DecodeException _) {
      return text;
    }
  }

  private static Answer.Whole functionNotFound(String function) {
    return Errors.error(404, "Function " + function + " not found");
  }

  private static Answer.Whole variableNotFound() {
    return Errors.error(404, "Variable not found");
  }

  private static Answer.Whole silentVariable() {
    return Answer.json(408, new JsonObject().put("error", "Timed out."));
  }

  /** Never the device's words alone: some of them make Particle's tool log its user out. */
  private static Answer.Whole deviceError(String message) {
    return Errors.error(400, "The device answered: " + message);
  }

  private static Answer.Whole busy() {
    return Errors.tooMany("Too many requests wait for this device", 1);
  }
}
