package io.starling.accounts.provider;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One provider. What it tells of itself, and its keys, are asked for when they are needed first,
 * and then kept for an hour: metadata beyond that as long as the provider does not answer; keys not
 * beyond that, and not when a token comes that they do not fit. Belongs to one event loop.
 */
final class Provider {
  private static final Duration FRESH = Duration.ofHours(1);

  private final Vertx vertx;
  private final ProviderClient client;
  private final InstantSource clock;
  private final OidcProvider settings;

  // What is asked once for all who wait for it.
  private @Nullable Future<Metadata> asked;
  private @Nullable Metadata known;
  private Instant knownSince = Instant.MIN;
  private List<JsonObject> keys = List.of();
  private Instant keysSince = Instant.MIN;

  Provider(Vertx vertx, ProviderClient client, InstantSource clock, OidcProvider settings) {
    this.vertx = vertx;
    this.client = client;
    this.clock = clock;
    this.settings = settings;
  }

  OidcProvider settings() {
    return settings;
  }

  /**
   * Who somebody is at the provider.
   *
   * @param email empty if the provider does not tell it
   * @param verified whether the provider made sure that the address is the person's
   */
  record Person(String subject, String email, boolean verified) {
    @Override
    public String toString() {
      return "Person[]";
    }
  }

  Future<Metadata> metadata() {
    var before = known;
    if (before != null && clock.instant().isBefore(knownSince.plus(FRESH))) {
      return Future.succeededFuture(before);
    }
    var underWay = asked;
    if (underWay != null) {
      return underWay;
    }
    var asking =
        twice(() -> client.get(Metadata.of(settings.issuer()), Map.of()))
            .compose(
                json -> {
                  try {
                    return Future.succeededFuture(Metadata.read(json, settings.issuer()));
                  } catch (ProviderClient.Unusable e) {
                    return Future.failedFuture(e);
                  }
                })
            .onSuccess(
                read -> {
                  known = read;
                  knownSince = clock.instant();
                })
            .recover(
                cause ->
                    before == null ? Future.failedFuture(cause) : Future.succeededFuture(before));
    asked = asking;
    return asking.onComplete(_ -> asked = null);
  }

  /** What changes nothing is asked a second time if it goes wrong. */
  private static <T> Future<T> twice(Supplier<Future<T>> ask) {
    return ask.get()
        .recover(
            cause ->
                cause instanceof ProviderClient.Unusable ? Future.failedFuture(cause) : ask.get());
  }

  /**
   * Exchanges a code, and finds out who it is for.
   *
   * @param from who says that it sent the code (RFC 9207); empty if it does not say
   */
  Future<Person> person(String code, String from, String redirectUri, Away away) {
    return metadata()
        .compose(
            metadata -> {
              boolean silent = from.isEmpty() && !metadata.sendsIssuer();
              return silent || from.equals(settings.issuer())
                  ? exchange(metadata, code, redirectUri, away.verifier())
                      .compose(tokens -> claims(metadata, tokens, away.nonce()))
                  : Future.failedFuture(
                      new ProviderClient.Unusable("the code is another provider's"));
            });
  }

  private Future<JsonObject> exchange(
      Metadata metadata, String code, String redirectUri, String verifier) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "authorization_code");
    form.put("code", code);
    form.put("redirect_uri", redirectUri);
    form.put("code_verifier", verifier);
    if (metadata.postsSecret()) {
      form.put("client_id", settings.clientId());
      form.put("client_secret", settings.clientSecret());
      return client.post(metadata.token(), Map.of(), form);
    }
    String pair =
        ProviderClient.encoded(settings.clientId())
            + ":"
            + ProviderClient.encoded(settings.clientSecret());
    String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    return client.post(metadata.token(), Map.of("Authorization", "Basic " + basic), form);
  }

  private Future<Person> claims(Metadata metadata, JsonObject tokens, String nonce) {
    IdToken token;
    try {
      token = IdToken.read(tokens.getValue("id_token") instanceof String text ? text : "");
    } catch (ProviderClient.Unusable e) {
      return Future.failedFuture(e);
    }
    return believed(metadata, token, nonce)
        .compose(
            claims ->
                claims.containsKey("email") || metadata.userInfo().isEmpty()
                    ? Future.succeededFuture(person(claims, claims.getString("sub")))
                    : userInfo(metadata, tokens, claims.getString("sub")));
  }

  /** A token that the known keys do not fit may be signed by one that is newer than they. */
  private Future<JsonObject> believed(Metadata metadata, IdToken token, String nonce) {
    var before = keys;
    if (!clock.instant().isBefore(keysSince.plus(FRESH))) {
      return fetchKeys(metadata).compose(now -> check(token, now, nonce));
    }
    return check(token, before, nonce)
        .recover(_ -> fetchKeys(metadata).compose(now -> check(token, now, nonce)));
  }

  private Future<JsonObject> check(IdToken token, List<JsonObject> by, String nonce) {
    return token
        .check(vertx, token.keys(by), settings, nonce)
        .recover(
            cause ->
                Future.failedFuture(
                    cause instanceof ProviderClient.Unusable
                        ? cause
                        : new ProviderClient.Unusable("the ID token: " + cause.getMessage())));
  }

  private Future<List<JsonObject>> fetchKeys(Metadata metadata) {
    return twice(() -> client.get(metadata.keys(), Map.of()))
        .compose(
            json -> {
              if (!(json.getValue("keys") instanceof JsonArray array)) {
                return Future.failedFuture(new ProviderClient.Unusable("it has no keys"));
              }
              var read =
                  array.stream()
                      .filter(JsonObject.class::isInstance)
                      .map(JsonObject.class::cast)
                      .toList();
              keys = read;
              keysSince = clock.instant();
              return Future.succeededFuture(read);
            });
  }

  /** Some tell addresses there alone (section 5.3). */
  private Future<Person> userInfo(Metadata metadata, JsonObject tokens, String subject) {
    if (!(tokens.getValue("access_token") instanceof String token)) {
      return Future.succeededFuture(new Person(subject, "", false));
    }
    return client
        .get(metadata.userInfo().orElseThrow(), Map.of("Authorization", "Bearer " + token))
        .compose(
            told ->
                subject.equals(told.getValue("sub"))
                    ? Future.succeededFuture(person(told, subject))
                    : Future.failedFuture(
                        new ProviderClient.Unusable("it tells of somebody else")));
  }

  private static Person person(JsonObject claims, String subject) {
    return new Person(
        subject,
        claims.getValue("email") instanceof String email ? email : "",
        // Some write it as a text.
        "true".equals(String.valueOf(claims.getValue("email_verified"))));
  }
}
