package io.starling.api.history;

import io.starling.api.access.Access;
import io.starling.api.access.NotYours;
import io.starling.api.events.EventText;
import io.starling.api.events.StreamQuota;
import io.starling.api.events.StreamRoutes;
import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AccountId;
import io.starling.contract.EventBatch;
import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryReply.EventsFound;
import io.starling.contract.HistoryRequest.Events;
import io.starling.contract.Scope;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoint;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.starling.http.TokenCheck;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.Json;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The events that are kept: of an account, of one device, of a product. */
public final class HistoryRoutes {
  private static final Duration DEADLINE = Duration.ofMillis(990);
  private static final int RETRY_SECONDS = 5;

  /** Each export asks for one page after the other, without a pause. */
  private static final int MAX_EXPORTS = 4;

  private final Vertx vertx;
  private final Access access;
  private final Directory directory;
  private final Bus bus;
  private final TokenCheck tokens;
  private final StreamRoutes streams;
  private final StreamQuota exports;

  /**
   * Routes that ask the relays, which have it from the database.
   *
   * @param streams for those who mean the stream of the same path
   */
  public HistoryRoutes(
      Vertx vertx,
      Access access,
      Directory directory,
      Bus bus,
      TokenCheck tokens,
      StreamRoutes streams) {
    this.vertx = vertx;
    this.access = access;
    this.directory = directory;
    this.bus = bus;
    this.tokens = tokens;
    this.streams = streams;
    this.exports = StreamQuota.of(vertx, "history");
  }

  /** Adds them, before the streams. */
  public void addTo(Endpoints endpoints) {
    add(endpoints, "/v1/events/history", this::ofAccount);
    // "/v1/devices/events/history" is a stream, and no device's history.
    add(endpoints, "/v1/devices/:device/events/history", this::ofDevice);
    add(endpoints, "/v1/products/:product/events/history", this::ofProduct);
    add(endpoints, "/v1/products/:product/devices/:device/events/history", this::ofProductDevice);
  }

  private void add(Endpoints endpoints, String pattern, Endpoint history) {
    endpoints.guarded(
        HttpMethod.GET,
        pattern,
        Scope.EVENTS_GET,
        exchange -> isForStream(exchange) ? streams.stream(exchange) : history.answer(exchange));
  }

  private static boolean isForStream(Exchange exchange) {
    var accept = exchange.request().getHeader("Accept");
    return exchange.query("nonce").isPresent()
        || (accept != null && accept.contains("text/event-stream"));
  }

  private Future<Answer> ofAccount(Exchange exchange) {
    if (access.customer(exchange).isPresent() && exchange.query("device").isEmpty()) {
      return Future.succeededFuture(Errors.badRequest("device is needed"));
    }
    var caller = exchange.principal().account();
    return filtered(
        exchange, access.account(exchange), 0, device -> directory.deviceOf(caller, device));
  }

  private Future<Answer> ofProduct(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product ->
                filtered(
                    exchange,
                    product.owner(),
                    product.id(),
                    device -> directory.deviceIn(product.id(), device)));
  }

  private Future<Answer> ofDevice(Exchange exchange) {
    return access
        .device(exchange)
        .then(device -> answer(exchange, access.account(exchange), 0, device));
  }

  private Future<Answer> ofProductDevice(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product ->
                access
                    .device(exchange)
                    .then(device -> answer(exchange, product.owner(), product.id(), device)));
  }

  /** With the device that the query may name. */
  private Future<Answer> filtered(
      Exchange exchange,
      AccountId account,
      int product,
      Function<String, Optional<Entry.Device>> devices) {
    var named = exchange.query("device");
    if (named.isEmpty()) {
      return answer(exchange, account, product, null);
    }
    return devices
        .apply(named.get())
        .map(device -> answer(exchange, account, product, device))
        .orElseGet(() -> Future.succeededFuture(NotYours.device()));
  }

  private Future<Answer> answer(
      Exchange exchange, AccountId account, int product, Entry.@Nullable Device device) {
    Events request;
    try {
      request =
          HistoryQuery.read(
              exchange,
              account,
              product,
              device == null ? null : device.id(),
              since(exchange, device));
    } catch (IllegalArgumentException e) {
      return Future.succeededFuture(Errors.badRequest(String.valueOf(e.getMessage())));
    }
    return HistoryForm.of(exchange.request().getHeader("Accept"))
        .map(form -> export(exchange, request.limit(Events.MAX_LIMIT), form))
        .orElseGet(() -> ask(request).map(reply -> page(reply, product != 0)));
  }

  /** A customer is shown nothing from before he had the device. */
  private long since(Exchange exchange, Entry.@Nullable Device device) {
    return access.customer(exchange).isPresent() && device != null && device.custody() != null
        ? device.custody().since().toEpochMilli()
        : 0;
  }

  private Future<HistoryReply.EventsReply> ask(Events request) {
    return bus.ask(request, DEADLINE).otherwise(_ -> new HistoryReply.DatabaseDown(RETRY_SECONDS));
  }

  private static Answer page(HistoryReply.EventsReply reply, boolean ofProduct) {
    return switch (reply) {
      case EventsFound(var events, var next) -> {
        var body = Buffer.buffer("{\"events\":[");
        boolean first = true;
        for (var batch = EventBatch.of(events); batch.next(); first = false) {
          body.appendString(first ? "" : ",")
              .appendString(new EventText(batch.event()).object(ofProduct));
        }
        body.appendString("],\"next\":").appendString(Json.encode(next)).appendString("}");
        yield new Answer.Whole(
            200, Map.of("Vary", "Accept"), "application/json; charset=utf-8", body);
      }
      case HistoryReply.PlaceUnknown _ ->
          Errors.badRequest("cursor must be what \"next\" was in an answer");
      case HistoryReply.DatabaseDown(int seconds) ->
          Errors.unavailable("The history cannot be read for now, try again", seconds);
    };
  }

  private Future<Answer> export(Exchange exchange, Events request, HistoryForm form) {
    var account = exchange.principal().account();
    if (!exports.take(account, MAX_EXPORTS)) {
      return Future.succeededFuture(Errors.tooMany("Too much is exported at a time", 10));
    }
    var pages =
        new Export.Pages() {
          @Override
          public Future<Export.Page> after(String place) {
            return HistoryRoutes.this
                .ask(request.from(place))
                .compose(
                    reply ->
                        reply instanceof EventsFound found
                            ? Future.succeededFuture(form.page(found, request.product() != 0))
                            : Future.failedFuture("no page for now"));
          }

          @Override
          public boolean isAllowed() {
            return tokens.stillGood(exchange.principal())
                && access.mayStill(
                    exchange.principal(), request.account(), request.product(), Scope.EVENTS_GET);
          }
        };
    return ask(request)
        .onFailure(_ -> exports.give(account))
        .map(
            reply -> {
              if (!(reply instanceof EventsFound first)) {
                exports.give(account);
                return page(reply, false);
              }
              var _ =
                  new Export(vertx, exchange, form.contentType(), pages)
                      .run(form.head(), form.page(first, request.product() != 0))
                      .onComplete(_ -> exports.give(account));
              return new Answer.Streamed();
            });
  }
}
