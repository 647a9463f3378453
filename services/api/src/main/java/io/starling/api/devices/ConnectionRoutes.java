package io.starling.api.devices;

import io.starling.api.access.Access;
import io.starling.bootstrap.bus.Bus;
import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryReply.Connection;
import io.starling.contract.HistoryReply.ConnectionsReply;
import io.starling.contract.HistoryRequest;
import io.starling.contract.HistoryRequest.Connections;
import io.starling.contract.Scope;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.starling.http.Timestamps;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/** When a device came and went, and why. */
public final class ConnectionRoutes {
  private static final Duration DEADLINE = Duration.ofMillis(990);
  private static final int DEFAULT_LIMIT = 25;
  private static final int RETRY_SECONDS = 5;

  private final Access access;
  private final Bus bus;

  /** Routes that ask the relays, which have it from the database. */
  public ConnectionRoutes(Access access, Bus bus) {
    this.access = access;
    this.bus = bus;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(
        HttpMethod.GET, "/v1/devices/:device/connections", Scope.DEVICES_GET, this::list);
    endpoints.guarded(
        HttpMethod.GET,
        "/v1/products/:product/devices/:device/connections",
        Scope.DEVICES_GET,
        this::list);
  }

  private Future<Answer> list(Exchange exchange) {
    return access.device(exchange).then(device -> list(exchange, device));
  }

  private Future<Answer.Whole> list(Exchange exchange, Entry.Device device) {
    var limit = exchange.query("limit").orElse(Integer.toString(DEFAULT_LIMIT));
    if (!limit.matches("[1-9][0-9]{0,2}") || Integer.parseInt(limit) > Connections.MAX_LIMIT) {
      return Future.succeededFuture(
          Errors.badRequest("limit must be 1 to " + Connections.MAX_LIMIT));
    }
    var owner = device.owner() == null ? exchange.principal().account() : device.owner();
    var request =
        new HistoryRequest.Connections(
            owner, device.id(), exchange.query("before").orElse(null), Integer.parseInt(limit));
    return bus.ask(request, DEADLINE)
        .map(ConnectionRoutes::answer)
        .otherwise(_ -> unavailable(RETRY_SECONDS));
  }

  private static Answer.Whole answer(ConnectionsReply reply) {
    return switch (reply) {
      case HistoryReply.ConnectionsFound(var connections, var next) -> {
        var list = new JsonArray();
        connections.forEach(connection -> list.add(json(connection)));
        yield Answer.json(new JsonObject().put("connections", list).put("next", next));
      }
      case HistoryReply.PlaceUnknown _ ->
          Errors.badRequest("before must be what \"next\" was in an answer");
      case HistoryReply.DatabaseDown(int seconds) -> unavailable(seconds);
    };
  }

  private static JsonObject json(Connection connection) {
    var json =
        new JsonObject()
            .put("at", Timestamps.of(connection.atMillis()))
            .put("status", connection.status());
    connection.details().forEach(json::put);
    return json;
  }

  private static Answer.Whole unavailable(int seconds) {
    return Errors.unavailable("The history cannot be read for now, try again", seconds);
  }
}
