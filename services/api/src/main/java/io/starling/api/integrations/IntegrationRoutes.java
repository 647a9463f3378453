package io.starling.api.integrations;

import static io.starling.api.integrations.IntegrationJson.PRODUCT_FILTER;

import io.starling.api.access.Access;
import io.starling.api.integrations.Places.Family;
import io.starling.api.integrations.Places.Place;
import io.starling.api.region.ConfigurationClient;
import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AttemptsReply;
import io.starling.contract.IntegrationId;
import io.starling.contract.Scope;
import io.starling.contract.WebhooksReply;
import io.starling.contract.WebhooksRequest;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Integrations of an account or of an organization or, below a product, of that. */
public final class IntegrationRoutes {
  private static final AttemptsReply.OverviewFound NOTHING =
      new AttemptsReply.OverviewFound(List.of(), List.of(), List.of());

  private final Places places;
  private final Directory directory;
  private final ConfigurationClient configuration;
  private final AttemptsClient log;
  private final InstantSource clock;

  /** Routes that read here and write through the webhooks service. */
  public IntegrationRoutes(
      Access access,
      Directory directory,
      ConfigurationClient configuration,
      Bus bus,
      InstantSource clock) {
    log = new AttemptsClient(bus);
    places = new Places(access, directory);
    this.directory = directory;
    this.configuration = configuration;
    this.clock = clock;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    Places.FAMILIES.forEach(family -> add(endpoints, family));
  }

  private void add(Endpoints endpoints, Family kind) {
    String all = kind.path();
    String one = kind.one();
    endpoints.guarded(
        HttpMethod.GET, all, Scope.INTEGRATIONS_LIST, places.of(place -> list(place)));
    endpoints.guarded(
        HttpMethod.POST, all, Scope.INTEGRATIONS_CREATE, places.of(place -> create(place)));
    endpoints.guarded(
        HttpMethod.GET, one, Scope.INTEGRATIONS_GET, places.of(place -> get(place, kind)));
    endpoints.guarded(
        HttpMethod.PUT, one, Scope.INTEGRATIONS_UPDATE, places.of(place -> edit(place, kind)));
    endpoints.guarded(
        HttpMethod.DELETE, one, Scope.INTEGRATIONS_REMOVE, places.of(place -> delete(place, kind)));
    endpoints.guarded(
        HttpMethod.POST,
        one + "/test",
        Scope.INTEGRATIONS_TEST,
        places.of(place -> test(place, kind)));
  }

  private Future<Answer.Whole> list(Place place) {
    var array = new JsonArray();
    directory.integrationsOf(place.account()).stream()
        .filter(place::shows)
        .sorted(Comparator.comparing(Entry.Integration::id))
        .map(IntegrationJson::of)
        .forEach(array::add);
    return Future.succeededFuture(Answer.json(array));
  }

  /** With what is in the log; without a database that is told to be nothing. */
  private Future<Answer.Whole> get(Place place, Family kind) {
    var known = places.find(place);
    if (known.isEmpty()) {
      return Future.succeededFuture(Errors.error(404, kind.notFound()));
    }
    var json = IntegrationJson.of(known.get());
    return log.overview(place.account(), known.get().id())
        .map(
            reply ->
                switch (reply) {
                  case AttemptsReply.OverviewFound found -> found;
                  case AttemptsReply.DatabaseDown _ -> NOTHING;
                })
        .map(found -> Answer.json(new JsonObject().put(kind.word(), with(json, found))));
  }

  private static JsonObject with(JsonObject json, AttemptsReply.OverviewFound found) {
    return json.put("logs", AttemptJson.list(found.last(), AttemptJson::of))
        .put("errors", AttemptJson.list(found.failed(), AttemptJson::of))
        .put("counters", AttemptJson.list(found.hours(), AttemptJson::of));
  }

  /** The configuration as it was sent; some tools send this one as a form, so as texts. */
  private static JsonObject configuration(Place place) {
    var json = place.exchange().fields().all();
    CertificateExpiry.removeFrom(json);
    for (String flag : new String[] {"noDefaults", "rejectUnauthorized", "disabled"}) {
      if ("true".equals(json.getValue(flag)) || "false".equals(json.getValue(flag))) {
        json.put(flag, Boolean.valueOf(json.getString(flag)));
      }
    }
    if (place.product() == 0) {
      return json;
    }
    json.remove("productid");
    json.remove("productId");
    return json.put(PRODUCT_FILTER, place.product());
  }

  private Future<Answer.Whole> create(Place place) {
    var json = configuration(place);
    return configuration
        .by(place.exchange())
        .write(new WebhooksRequest.CreateIntegration(place.account(), json.encode()))
        .compose(
            reply ->
                switch (reply) {
                  case WebhooksReply.Saved(var id, var position) ->
                      configuration.seen(position, () -> created(place, id, json));
                  case WebhooksReply.Invalid(var message) ->
                      Future.succeededFuture(Errors.badRequest(message));
                  case WebhooksReply.NotFound _ -> Future.succeededFuture(Errors.notFound());
                  case WebhooksReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(cannotWrite(seconds));
                });
  }

  private Answer.Whole created(Place place, IntegrationId id, JsonObject sent) {
    var json = shown(place, id, sent);
    var exchange = place.exchange();
    String path = exchange.request().path().replaceAll("/+$", "");
    return Answer.json(
        201,
        new JsonObject()
            .put("ok", true)
            .put("id", id.toString())
            .put("event", json.getValue("event"))
            .put("name", json.getValue("name"))
            .put("url", json.getValue("url"))
            .put("integration_type", json.getValue("integration_type"))
            .put("created_at", json.getValue("created_at"))
            .put("hookUrl", exchange.baseUrl() + path + "/" + id)
            .put("noDefaults", json.getValue("noDefaults", false))
            .put("rejectUnauthorized", json.getValue("rejectUnauthorized", true)));
  }

  /** From the Directory, or from what was sent if that does not show it in time. */
  private JsonObject shown(Place place, IntegrationId id, JsonObject sent) {
    return directory
        .integration(place.account(), id)
        .map(IntegrationJson::of)
        .orElseGet(() -> IntegrationJson.of(id, SecretMask.hide(sent), clock.instant()));
  }

  private Future<Answer.Whole> edit(Place place, Family kind) {
    var known = places.find(place);
    if (known.isEmpty()) {
      return Future.succeededFuture(Errors.error(404, kind.notFound()));
    }
    var json = SecretMask.fill(configuration(place), known.get().configuration());
    var account = place.account();
    return configuration
        .by(place.exchange())
        .write(new WebhooksRequest.EditIntegration(account, known.get().id(), json.encode()))
        .compose(
            reply ->
                switch (reply) {
                  case WebhooksReply.Saved(var id, var position) ->
                      configuration.seen(
                          position, () -> Answer.json(shown(place, id, json).put("ok", true)));
                  case WebhooksReply.Invalid(var message) ->
                      Future.succeededFuture(Errors.badRequest(message));
                  case WebhooksReply.NotFound _ ->
                      Future.succeededFuture(Errors.error(404, kind.notFound()));
                  case WebhooksReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(cannotWrite(seconds));
                });
  }

  private Future<Answer.Whole> delete(Place place, Family kind) {
    var known = places.find(place);
    if (known.isEmpty()) {
      return Future.succeededFuture(Errors.error(404, kind.notFound()));
    }
    var account = place.account();
    return configuration
        .by(place.exchange())
        .write(new WebhooksRequest.DeleteIntegration(account, known.get().id()))
        .compose(
            reply ->
                switch (reply) {
                  case WebhooksReply.Deleted(var position) ->
                      configuration.seen(position, Answer::ok);
                  case WebhooksReply.NotFound _ ->
                      Future.succeededFuture(Errors.error(404, kind.notFound()));
                  case WebhooksReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(cannotWrite(seconds));
                });
  }

  private Future<Answer.Whole> test(Place place, Family kind) {
    var known = places.find(place);
    if (known.isEmpty()) {
      return Future.succeededFuture(Errors.error(404, kind.notFound()));
    }
    return configuration
        .by(place.exchange())
        .write(new WebhooksRequest.TestIntegration(place.account(), known.get().id()))
        .map(
            reply ->
                switch (reply) {
                  case WebhooksReply.Tested tested -> Answer.json(json(tested));
                  case WebhooksReply.NotFound _ -> Errors.error(404, kind.notFound());
                  case WebhooksReply.Busy(int seconds) ->
                      Errors.unavailable("Too many tests are under way, try again", seconds);
                });
  }

  private static JsonObject json(WebhooksReply.Tested tested) {
    boolean taken = tested.outcome() == WebhooksReply.Tested.Outcome.DELIVERED;
    var json =
        new JsonObject()
            .put("ok", taken)
            .put("outcome", tested.outcome().name().toLowerCase(Locale.ROOT))
            .put("status", tested.status());
    return taken ? json : json.put("error", tested.cause());
  }

  private static Answer.Whole cannotWrite(int seconds) {
    return Errors.unavailable("Webhooks cannot be changed for now, try again", seconds);
  }
}
