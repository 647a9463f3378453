package io.starling.api.events;

import io.starling.api.access.Access;
import io.starling.contract.DeviceId;
import io.starling.contract.Scope;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.EventStream;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * The streams. A prefix is the rest of the path, percent-decoded once, so {@code a/b} and {@code
 * a%2Fb} are the same.
 */
public final class StreamRoutes {
  private static final String LAST_EVENT_ID = "Last-Event-ID";

  private final Vertx vertx;
  private final Access access;
  private final LiveStreams streams;
  private final int bufferBytes;

  /**
   * Routes onto these streams.
   *
   * @param bufferBytes what may wait for a slow reader
   */
  public StreamRoutes(Vertx vertx, Access access, LiveStreams streams, int bufferBytes) {
    this.vertx = vertx;
    this.access = access;
    this.streams = streams;
    this.bufferBytes = bufferBytes;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(HttpMethod.GET, "/v1/devices/events", Scope.EVENTS_GET, this::mine);
    endpoints.guarded(HttpMethod.GET, "/v1/devices/events/*", Scope.EVENTS_GET, this::mine);
    endpoints.guarded(HttpMethod.GET, "/v1/events", Scope.EVENTS_GET, this::prefixMissing);
    endpoints.guarded(HttpMethod.GET, "/v1/events/*", Scope.EVENTS_GET, this::formerlyPublic);
    endpoints.guarded(
        HttpMethod.GET, "/v1/devices/:device/events", Scope.EVENTS_GET, this::ofDevice);
    endpoints.guarded(
        HttpMethod.GET, "/v1/devices/:device/events/*", Scope.EVENTS_GET, this::ofDevice);
    endpoints.guarded(
        HttpMethod.GET, "/v1/products/:product/events", Scope.EVENTS_GET, this::ofProduct);
    endpoints.guarded(
        HttpMethod.GET, "/v1/products/:product/events/*", Scope.EVENTS_GET, this::ofProduct);
    endpoints.guarded(
        HttpMethod.GET, "/v1/orgs/:org/events", Scope.EVENTS_GET, this::ofOrganization);
    endpoints.guarded(
        HttpMethod.GET, "/v1/orgs/:org/events/*", Scope.EVENTS_GET, this::ofOrganization);
    String device = "/v1/products/:product/devices/:device/events";
    endpoints.guarded(HttpMethod.GET, device, Scope.EVENTS_GET, this::ofProductDevice);
    endpoints.guarded(HttpMethod.GET, device + "/*", Scope.EVENTS_GET, this::ofProductDevice);
  }

  /** The stream of one of these paths, which may stand for something else, too. */
  public Future<Answer> stream(Exchange exchange) {
    if (exchange.hasPath("product")) {
      return exchange.hasPath("device") ? ofProductDevice(exchange) : ofProduct(exchange);
    }
    return exchange.hasPath("device") ? ofDevice(exchange) : formerlyPublic(exchange);
  }

  private Future<Answer> mine(Exchange exchange) {
    return open(exchange, exchange.pathAfter(3), null, 0);
  }

  private Future<Answer> prefixMissing(Exchange exchange) {
    return Future.succeededFuture(Errors.badRequest("An event prefix is needed"));
  }

  private Future<Answer> formerlyPublic(Exchange exchange) {
    String prefix = exchange.pathAfter(2);
    return prefix.isEmpty() ? prefixMissing(exchange) : open(exchange, prefix, null, 0);
  }

  private Future<Answer> ofDevice(Exchange exchange) {
    return access
        .device(exchange)
        .then(device -> open(exchange, exchange.pathAfter(4), device.id(), 0));
  }

  private Future<Answer> ofProduct(Exchange exchange) {
    return access
        .product(exchange)
        .then(product -> open(exchange, exchange.pathAfter(4), null, product.id()));
  }

  private Future<Answer> ofOrganization(Exchange exchange) {
    return access.organization(exchange).then(_ -> open(exchange, exchange.pathAfter(4), null, 0));
  }

  private Future<Answer> ofProductDevice(Exchange exchange) {
    return access
        .device(exchange)
        .then(device -> open(exchange, exchange.pathAfter(6), device.id(), device.product()));
  }

  private Future<Answer> open(
      Exchange exchange, String prefix, @Nullable DeviceId device, int product) {
    var subscription =
        new Subscription(
            exchange.principal(),
            access.account(exchange),
            prefix,
            device,
            product,
            access.visible(exchange));
    return streams
        .add(
            subscription,
            exchange.request().getHeader(LAST_EVENT_ID),
            () -> EventStream.open(vertx, exchange, bufferBytes))
        .map(
            opened ->
                opened
                    ? new Answer.Streamed()
                    : Errors.tooMany("Too many event streams are open", 10));
  }
}
