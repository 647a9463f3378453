package io.starling.api.integrations;

import io.starling.api.access.Access;
import io.starling.api.integrations.Places.Family;
import io.starling.api.integrations.Places.Place;
import io.starling.api.region.ConfigurationClient;
import io.starling.contract.IntegrationId;
import io.starling.contract.Scope;
import io.starling.contract.SigningKind;
import io.starling.contract.WebhooksReply;
import io.starling.contract.WebhooksRequest;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.directory.SigningKey;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.starling.http.Timestamps;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiFunction;

/**
 * The keys by which the requests of an integration are signed. A secret is told once, when it is
 * made; public keys are told to anybody who knows the integration's id.
 */
public final class SigningKeyRoutes {
  private static final String KEY_NOT_FOUND = "Key not found";
  private static final Duration LONGEST = Duration.ofDays(90);

  private final Places places;
  private final Directory directory;
  private final ConfigurationClient configuration;
  private final InstantSource clock;

  /** Routes that read here and write through the webhooks service. */
  public SigningKeyRoutes(
      Access access, Directory directory, ConfigurationClient configuration, InstantSource clock) {
    places = new Places(access, directory);
    this.directory = directory;
    this.configuration = configuration;
    this.clock = clock;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.open(HttpMethod.GET, "/v1/integrations/:integration/keys.json", this::published);
    Places.FAMILIES.forEach(family -> add(endpoints, family));
  }

  private void add(Endpoints endpoints, Family family) {
    String all = family.one() + "/keys";
    String one = all + "/:key";
    var list = places.of(place -> with(place, family, this::list));
    var create = places.of(place -> with(place, family, this::create));
    var delete = places.of(place -> with(place, family, this::delete));
    endpoints.guarded(HttpMethod.GET, all, Scope.INTEGRATIONS_GET, list);
    endpoints.guarded(HttpMethod.POST, all, Scope.INTEGRATIONS_UPDATE, create);
    endpoints.guarded(HttpMethod.DELETE, one, Scope.INTEGRATIONS_UPDATE, delete);
  }

  private Future<Answer.Whole> with(
      Place place,
      Family family,
      BiFunction<Place, Entry.Integration, Future<Answer.Whole>> route) {
    var integration = places.find(place);
    return integration.isPresent()
        ? route.apply(place, integration.get())
        : Future.succeededFuture(Errors.error(404, family.notFound()));
  }

  private List<SigningKey> live(IntegrationId integration) {
    var now = clock.instant();
    return directory.signingKeys().of(integration).stream()
        .filter(key -> key.isLiveAt(now))
        .toList();
  }

  private Future<Answer.Whole> list(Place place, Entry.Integration integration) {
    var array = new JsonArray();
    live(integration.id()).stream().map(SigningKeyRoutes::shown).forEach(array::add);
    return Future.succeededFuture(Answer.json(new JsonObject().put("keys", array)));
  }

  private static JsonObject shown(SigningKey key) {
    var expiresAt = key.expiresAt();
    return new JsonObject()
        .put("id", key.id())
        .put("kind", key.kind().text())
        .put("last_characters", key.secret().tail())
        .put("public_key", key.secret().publicKey().orElse(null))
        .put("created_at", Timestamps.of(key.createdAt()))
        .put("expires_at", expiresAt == null ? null : Timestamps.of(expiresAt));
  }

  private Future<Answer.Whole> create(Place place, Entry.Integration integration) {
    var fields = place.exchange().fields();
    var kind = SigningKind.named(fields.text("kind").orElse(SigningKind.V1.text()));
    if (kind.isEmpty()) {
      return Future.succeededFuture(Errors.badRequest("kind must be v1 or v1a"));
    }
    return configuration
        .by(place.exchange())
        .write(
            new WebhooksRequest.CreateSigningKey(
                place.account(), integration.id(), kind.get(), fields.text("secret").orElse(null)))
        .compose(
            reply ->
                switch (reply) {
                  case WebhooksReply.KeyCreated created ->
                      configuration.seen(created.position(), () -> told(created));
                  case WebhooksReply.Invalid(var message) ->
                      Future.succeededFuture(Errors.badRequest(message));
                  case WebhooksReply.NotFound _ -> Future.succeededFuture(Errors.notFound());
                  case WebhooksReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(cannotWrite(seconds));
                });
  }

  private static Answer.Whole told(WebhooksReply.KeyCreated created) {
    return Answer.json(
        201,
        new JsonObject()
            .put("id", created.key())
            .put("kind", created.kind().text())
            .put("secret", created.secret())
            .put("public_key", created.publicKey())
            .put("created_at", Timestamps.of(created.createdAtMillis())));
  }

  private Future<Answer.Whole> delete(Place place, Entry.Integration integration) {
    var after = after(place.exchange());
    if (after.isEmpty()) {
      return Future.succeededFuture(
          Errors.badRequest("after must be a duration such as PT24H, of 90 days at most"));
    }
    return configuration
        .by(place.exchange())
        .write(
            new WebhooksRequest.DeleteSigningKey(
                place.account(), integration.id(), place.exchange().path("key"), after.getAsLong()))
        .compose(
            reply ->
                switch (reply) {
                  case WebhooksReply.Deleted(var position) ->
                      configuration.seen(position, Answer::ok);
                  case WebhooksReply.NotFound _ ->
                      Future.succeededFuture(Errors.error(404, KEY_NOT_FOUND));
                  case WebhooksReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(cannotWrite(seconds));
                });
  }

  /** Seconds; empty if it is not right. */
  private static OptionalLong after(Exchange exchange) {
    var text = exchange.fieldOrQuery("after");
    if (text.isEmpty()) {
      return OptionalLong.of(0);
    }
    try {
      var after = Duration.parse(text.get());
      return after.isNegative() || after.compareTo(LONGEST) > 0
          ? OptionalLong.empty()
          : OptionalLong.of(after.toSeconds());
    } catch (DateTimeException _) {
      return OptionalLong.empty();
    }
  }

  /** An integration that is not there has no keys: nobody learns whether it is. */
  private Future<Answer.Whole> published(Exchange exchange) {
    String id = exchange.path("integration");
    var array = new JsonArray();
    if (IntegrationId.isValid(id)) {
      live(IntegrationId.of(id)).forEach(key -> addTo(array, key));
    }
    return Future.succeededFuture(Answer.json(new JsonObject().put("keys", array)));
  }

  private static void addTo(JsonArray array, SigningKey key) {
    key.secret()
        .publicX()
        .ifPresent(
            x ->
                array.add(
                    new JsonObject()
                        .put("kty", "OKP")
                        .put("crv", "Ed25519")
                        .put("use", "sig")
                        .put("alg", "EdDSA")
                        .put("kid", key.id())
                        .put("x", x)));
  }

  private static Answer.Whole cannotWrite(int seconds) {
    return Errors.unavailable("Webhooks cannot be changed for now, try again", seconds);
  }
}
