package io.starling.api.integrations;

import io.starling.api.access.Access;
import io.starling.api.history.EventFinder;
import io.starling.api.history.TimeText;
import io.starling.api.integrations.Places.Place;
import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AttemptsReply;
import io.starling.contract.AttemptsReply.Outcome;
import io.starling.contract.AttemptsRequest.Page;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventId;
import io.starling.contract.IntegrationId;
import io.starling.contract.Origin;
import io.starling.contract.Scope;
import io.starling.directory.Directory;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Why something was not delivered: the attempts of an integration, and the trace of an event. */
public final class AttemptRoutes {
  private static final int MAX_CURSOR = 64;

  private final Places places;
  private final Directory directory;
  private final AttemptsClient log;
  private final EventFinder events;

  /** Routes that ask the webhooks service and the relays, which have it from the database. */
  public AttemptRoutes(Access access, Directory directory, Bus bus, InstantSource clock) {
    this.places = new Places(access, directory);
    this.directory = directory;
    this.log = new AttemptsClient(bus);
    this.events = new EventFinder(bus, clock);
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    for (String parent : List.of("/v1", "/v1/products/:product", "/v1/orgs/:org")) {
      String all = parent + "/integrations";
      endpoints.guarded(
          HttpMethod.GET, all + "/trace/:event", Scope.INTEGRATIONS_GET, places.of(this::trace));
      endpoints.guarded(
          HttpMethod.GET,
          all + "/:integration/attempts",
          Scope.INTEGRATIONS_GET,
          places.of(this::attempts));
    }
  }

  private Future<Answer.Whole> attempts(Place place) {
    var known = places.find(place);
    if (known.isEmpty()) {
      return Future.succeededFuture(Errors.error(404, "Integration not found"));
    }
    Page request;
    try {
      request = page(place, known.get().id());
    } catch (IllegalArgumentException e) {
      return Future.succeededFuture(Errors.badRequest(String.valueOf(e.getMessage())));
    }
    return log.page(request)
        .map(
            reply ->
                switch (reply) {
                  case AttemptsReply.PageFound(var attempts, var next) ->
                      Answer.json(
                          new JsonObject()
                              .put("attempts", AttemptJson.list(attempts, AttemptJson::of))
                              .put("next", next));
                  case AttemptsReply.PlaceUnknown _ ->
                      Errors.badRequest("cursor must be what \"next\" was in an answer");
                  case AttemptsReply.DatabaseDown(int seconds) -> cannotRead(seconds);
                });
  }

  private static Page page(Place place, IntegrationId integration) {
    var exchange = place.exchange();
    long from = TimeText.query(exchange, "from").orElse(0L);
    long to = TimeText.query(exchange, "to").orElse(Long.MAX_VALUE);
    if (from >= to) {
      throw new IllegalArgumentException("from must be before to");
    }
    var device = exchange.query("device");
    if (device.filter(id -> !DeviceId.isValid(id)).isPresent()) {
      throw new IllegalArgumentException("device must be a device id");
    }
    var event = exchange.query("event");
    if (event.filter(id -> EventId.parse(id).isEmpty()).isPresent()) {
      throw new IllegalArgumentException("event must be the id of an event");
    }
    var cursor = exchange.query("cursor");
    if (cursor.filter(text -> text.length() > MAX_CURSOR).isPresent()) {
      throw new IllegalArgumentException("cursor is too long");
    }
    return new Page(
        place.account(),
        integration,
        from,
        to,
        outcomes(exchange.query("outcome").orElse("")),
        device.map(DeviceId::of).orElse(null),
        event.orElse(null),
        cursor.orElse(null),
        Places.perPage(exchange, Page.MAX_LIMIT));
  }

  /** One of them; {@code failed} for all but the one. */
  private static List<Outcome> outcomes(String word) {
    if (word.isEmpty()) {
      return List.of();
    }
    var all = Arrays.stream(Outcome.values());
    if (word.equals("failed")) {
      return all.filter(outcome -> outcome != Outcome.DELIVERED).toList();
    }
    var named = all.filter(outcome -> AttemptJson.word(outcome).equals(word)).toList();
    if (named.isEmpty()) {
      String known =
          Arrays.stream(Outcome.values()).map(AttemptJson::word).collect(Collectors.joining(", "));
      throw new IllegalArgumentException("outcome must be one of failed, " + known);
    }
    return named;
  }

  private Future<Answer.Whole> trace(Place place) {
    var exchange = place.exchange();
    var id = EventId.parse(exchange.path("event"));
    if (id.isEmpty()) {
      return Future.succeededFuture(notFound());
    }
    long at;
    try {
      at = TimeText.query(exchange, "published_at").orElse(0L);
    } catch (IllegalArgumentException e) {
      return Future.succeededFuture(Errors.badRequest(String.valueOf(e.getMessage())));
    }
    return events
        .find(place.account(), place.product(), id.get(), at)
        .compose(
            found ->
                switch (found) {
                  case EventFinder.Is(var event) -> trace(place, event);
                  case EventFinder.Absent _ -> Future.succeededFuture(notFound());
                  case EventFinder.Unavailable(int seconds) ->
                      Future.succeededFuture(cannotRead(seconds));
                });
  }

  private Future<Answer.Whole> trace(Place place, Event event) {
    return log.trace(event)
        .map(
            reply ->
                switch (reply) {
                  case AttemptsReply.Traced(var fates) ->
                      Answer.json(
                          new JsonObject()
                              .put("event", json(event))
                              .put(
                                  "integrations",
                                  AttemptJson.list(
                                      fates.stream()
                                          .filter(fate -> shows(place, fate.integration()))
                                          .toList(),
                                      AttemptJson::of)));
                  case AttemptsReply.DatabaseDown(int seconds) -> cannotRead(seconds);
                });
  }

  /** Below a product only its own; what is deleted is told to those who see all. */
  private boolean shows(Place place, IntegrationId id) {
    return place.product() == 0
        || directory.integration(place.account(), id).filter(place::shows).isPresent();
  }

  private static JsonObject json(Event event) {
    boolean ofDevice = event.origin() == Origin.DEVICE;
    return new JsonObject()
        .put("id", event.id().toString())
        .put("name", event.name())
        .put("device_id", ofDevice ? event.id().origin().toString() : null)
        .put("product_id", event.product() == 0 ? null : event.product())
        .put("published_at", AttemptJson.time(event.publishedAtMillis()));
  }

  private static Answer.Whole notFound() {
    return Errors.error(404, "Event not found");
  }

  private static Answer.Whole cannotRead(int seconds) {
    return Errors.unavailable("The log of attempts cannot be read for now, try again", seconds);
  }
}
