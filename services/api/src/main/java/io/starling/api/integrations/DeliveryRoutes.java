package io.starling.api.integrations;

import io.starling.api.access.Access;
import io.starling.api.history.TimeText;
import io.starling.api.integrations.Places.Place;
import io.starling.bootstrap.bus.Bus;
import io.starling.contract.DeliveriesReply;
import io.starling.contract.DeliveriesReply.Owed;
import io.starling.contract.DeliveriesReply.State;
import io.starling.contract.DeliveriesRequest;
import io.starling.contract.DeliveriesRequest.Filter;
import io.starling.contract.DeliveriesRequest.Page;
import io.starling.contract.DeliveriesRequest.Redeliver;
import io.starling.contract.DeviceId;
import io.starling.contract.IntegrationId;
import io.starling.contract.Request;
import io.starling.contract.Scope;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What waits for an endpoint that is down, dead letters, and sending them again. */
public final class DeliveryRoutes {
  private static final Duration DEADLINE = Duration.ofMillis(990);
  private static final int RETRY_SECONDS = 5;
  private static final int MAX_CURSOR = 120;
  private static final Pattern ID = Pattern.compile("[0-9a-f-]{1,120}");

  private final Places places;
  private final Bus bus;

  /** Routes that ask the webhooks service, which has it from the database. */
  public DeliveryRoutes(Access access, Directory directory, Bus bus) {
    this.places = new Places(access, directory);
    this.bus = bus;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    for (String parent : List.of("/v1", "/v1/products/:product", "/v1/orgs/:org")) {
      String one = parent + "/integrations/:integration";
      endpoints.guarded(
          HttpMethod.GET,
          one + "/deliveries",
          Scope.INTEGRATIONS_GET,
          places.of(place -> of(place, this::list)));
      endpoints.guarded(
          HttpMethod.POST,
          one + "/redeliver",
          Scope.INTEGRATIONS_UPDATE,
          places.of(place -> of(place, this::redeliver)));
    }
  }

  /** A request, and the integration that it is about. */
  private record Asked(Place place, IntegrationId integration) {
    Optional<String> query(String name) {
      return place.exchange().query(name);
    }
  }

  private Future<Answer.Whole> of(Place place, Function<Asked, Future<Answer.Whole>> route) {
    var known = places.find(place).map(Entry.Integration::id);
    if (known.isEmpty()) {
      return Future.succeededFuture(Errors.error(404, "Integration not found"));
    }
    try {
      return route.apply(new Asked(place, known.get()));
    } catch (IllegalArgumentException e) {
      return Future.succeededFuture(Errors.badRequest(String.valueOf(e.getMessage())));
    }
  }

  private Future<Answer.Whole> list(Asked asked) {
    var cursor = asked.query("cursor");
    if (cursor.filter(text -> text.length() > MAX_CURSOR).isPresent()) {
      throw new IllegalArgumentException("cursor is too long");
    }
    var page =
        new Page(
            filter(asked, asked::query),
            cursor.orElse(null),
            Places.perPage(asked.place().exchange(), Page.MAX_LIMIT));
    return ask(page)
        .map(
            reply ->
                switch (reply) {
                  case DeliveriesReply.PageFound(var deliveries, var next) ->
                      Answer.json(json(deliveries).put("next", next));
                  case DeliveriesReply.PlaceUnknown _ ->
                      Errors.badRequest("cursor must be what \"next\" was in an answer");
                  case DeliveriesReply.DatabaseDown(int seconds) -> unavailable(seconds);
                });
  }

  private static Filter filter(Asked asked, Function<String, Optional<String>> values) {
    long from = values.apply("from").map(text -> TimeText.read("from", text)).orElse(0L);
    long to = values.apply("to").map(text -> TimeText.read("to", text)).orElse(Long.MAX_VALUE);
    if (from >= to) {
      throw new IllegalArgumentException("from must be before to");
    }
    var device = values.apply("device");
    if (device.filter(id -> !DeviceId.isValid(id)).isPresent()) {
      throw new IllegalArgumentException("device must be a device id");
    }
    var event = values.apply("event");
    if (event.filter(name -> name.indexOf('\0') >= 0).isPresent()) {
      throw new IllegalArgumentException("event must be the name of an event");
    }
    return new Filter(
        asked.integration(),
        state(values.apply("state").orElse("dead")),
        from,
        to,
        device.map(DeviceId::of).orElse(null),
        event.orElse(null));
  }

  private static State state(String word) {
    return switch (word) {
      case "parked" -> State.PARKED;
      case "dead" -> State.DEAD;
      default -> throw new IllegalArgumentException("state must be parked or dead");
    };
  }

  private static JsonObject json(List<Owed> deliveries) {
    var array = new JsonArray();
    for (var owed : deliveries) {
      var device = owed.device();
      boolean waits = owed.state() == State.PARKED;
      array.add(
          new JsonObject()
              .put("id", owed.webhookId())
              .put("event", owed.event())
              .put("device_id", device == null ? null : device.toString())
              .put("published_at", AttemptJson.time(owed.publishedAtMillis()))
              .put("state", owed.state().name().toLowerCase(Locale.ROOT))
              .put("due_at", waits ? AttemptJson.time(owed.dueMillis()) : null)
              .put("attempts", owed.attempts())
              .put("first_error", owed.firstError())
              .put("last_error", owed.lastError()));
    }
    return new JsonObject().put("deliveries", array);
  }

  private Future<Answer.Whole> redeliver(Asked asked) {
    var fields = asked.place().exchange().fields();
    var filter = filter(asked, fields::text);
    boolean dryRun = flag(fields.all().getValue("dryRun"));
    return ask(new Redeliver(filter, ids(fields.all().getValue("ids")), dryRun))
        .map(
            reply ->
                switch (reply) {
                  case DeliveriesReply.Redelivered(int count, boolean more) ->
                      Answer.json(
                          new JsonObject()
                              .put("ok", true)
                              .put("dry_run", dryRun)
                              .put("count", count)
                              .put("more", more));
                  case DeliveriesReply.DatabaseDown(int seconds) -> unavailable(seconds);
                });
  }

  private static boolean flag(Object value) {
    return switch (value) {
      case null -> false;
      case Boolean flag -> flag;
      case String text when text.equals("true") || text.equals("false") -> text.equals("true");
      default -> throw new IllegalArgumentException("dryRun must be true or false");
    };
  }

  private static List<String> ids(Object value) {
    var ids = new ArrayList<String>();
    switch (value) {
      case null -> {
        // All of them.
      }
      case JsonArray array when !array.isEmpty() && array.size() <= Redeliver.MOST_IDS -> {
        for (Object id : array) {
          if (!(id instanceof String text) || !ID.matcher(text).matches()) {
            throw new IllegalArgumentException("ids must be those of deliveries");
          }
          ids.add(text);
        }
      }
      default ->
          throw new IllegalArgumentException(
              "ids must be a list of 1 to " + Redeliver.MOST_IDS + " ids of deliveries");
    }
    return ids;
  }

  private Future<DeliveriesReply.PageReply> ask(Page request) {
    return ask(request, new DeliveriesReply.DatabaseDown(RETRY_SECONDS));
  }

  private Future<DeliveriesReply.RedeliverReply> ask(Redeliver request) {
    return ask(request, new DeliveriesReply.DatabaseDown(RETRY_SECONDS));
  }

  private <R extends DeliveriesReply, Q extends DeliveriesRequest & Request<R>> Future<R> ask(
      Q request, R down) {
    return bus.ask(request, DEADLINE).otherwise(down);
  }

  private static Answer.Whole unavailable(int seconds) {
    return Errors.unavailable("Deliveries cannot be looked at for now, try again", seconds);
  }
}
