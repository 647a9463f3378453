package io.starling.api.events;

import io.starling.api.access.Access;
import io.starling.contract.EventClass;
import io.starling.contract.Scope;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.function.Function;

/** Publishing, as a user or on a product's stream. All events are private. */
public final class PublishRoutes {
  private static final int MAX_DATA_BYTES = 16 << 10;

  private final Access access;
  private final Publisher publisher;

  /** Routes that publish here. */
  public PublishRoutes(Access access, Publisher publisher) {
    this.access = access;
    this.publisher = publisher;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(
        HttpMethod.POST,
        "/v1/devices/events",
        Scope.EVENTS_SEND,
        exchange -> publish(exchange, 0, _ -> EventClass.NORMAL));
    endpoints.guarded(
        HttpMethod.POST, "/v1/products/:product/events", Scope.EVENTS_SEND, this::onProduct);
    endpoints.guarded(
        HttpMethod.POST,
        "/v1/orgs/:org/events",
        Scope.EVENTS_SEND,
        exchange ->
            access.organization(exchange).then(_ -> publish(exchange, 0, _ -> EventClass.NORMAL)));
  }

  private Future<Answer> onProduct(Exchange exchange) {
    return access
        .product(exchange)
        .then(product -> publish(exchange, product.id(), product::classOf));
  }

  private Future<Answer.Whole> publish(
      Exchange exchange, int product, Function<String, EventClass> classOf) {
    String name = exchange.fields().text("name").orElse("");
    var data = Buffer.buffer(exchange.fields().text("data").orElse(""));
    var whyNot = EventNames.whyNot(name);
    if (whyNot.isPresent()) {
      return Future.succeededFuture(Errors.badRequest(whyNot.get()));
    }
    if (data.length() > MAX_DATA_BYTES) {
      return Future.succeededFuture(
          Errors.badRequest("data is longer than " + MAX_DATA_BYTES + " bytes"));
    }
    return publisher
        .publish(access.account(exchange), product, classOf.apply(name), name, data)
        .map(
            committed ->
                committed
                    ? Answer.ok()
                    : Errors.unavailable("The event could not be stored, try again", 2));
  }
}
