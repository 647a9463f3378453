package io.starling.accounts.provider;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Whether an ID token is to be believed (OpenID Connect Core 1.0, section 3.1.3.7). vertx-auth-jwt
 * checks the signature, {@code iss}, {@code aud} and the times; that there is a time at all, {@code
 * azp}, {@code nonce}, the kind of key and the algorithm are checked here.
 */
final class IdToken {
  private static final int MAX_LENGTH = 16_384;
  private static final int MAX_SUBJECT = 255;
  private static final int LEEWAY_SECONDS = 60;

  /** By the start of an algorithm's name, the type of its keys: never a shared secret. */
  private static final Map<String, String> KEY_TYPES =
      Map.of("RS", "RSA", "PS", "RSA", "ES", "EC", "Ed", "OKP");

  private final String text;
  private final String algorithm;
  private final String key;

  private IdToken(String text, String algorithm, String key) {
    this.text = text;
    this.algorithm = algorithm;
    this.key = key;
  }

  /** Reads what it says of itself; fails if such a token is never believed. */
  static IdToken read(String text) throws ProviderClient.Unusable {
    String[] parts = text.split("\\.", -1);
    if (text.length() > MAX_LENGTH || parts.length != 3) {
      throw new ProviderClient.Unusable("the ID token is none");
    }
    try {
      byte[] header = Base64.getUrlDecoder().decode(parts[0]);
      var json = new JsonObject(new String(header, StandardCharsets.UTF_8));
      String algorithm = json.getString("alg", "");
      if (algorithm.length() < 5 || !KEY_TYPES.containsKey(algorithm.substring(0, 2))) {
        throw new ProviderClient.Unusable("the ID token is not signed by a key of its own");
      }
      return new IdToken(text, algorithm, json.getString("kid", ""));
    } catch (IllegalArgumentException | DecodeException | ClassCastException _) {
      throw new ProviderClient.Unusable("the ID token is none");
    }
  }

  /** The keys that may have signed it. */
  List<JsonObject> keys(List<JsonObject> keys) {
    return keys.stream()
        .filter(it -> type(algorithm).equals(it.getValue("kty")))
        .filter(it -> "sig".equals(it.getValue("use", "sig")))
        .filter(it -> algorithm.equals(it.getValue("alg", algorithm)))
        .filter(it -> key.isEmpty() || key.equals(it.getValue("kid", key)))
        .map(it -> it.copy().put("alg", algorithm))
        .toList();
  }

  private static String type(String algorithm) {
    return KEY_TYPES.getOrDefault(algorithm.substring(0, 2), "");
  }

  /**
   * What it claims, if one of these keys signed it, and it is the provider's for this client and
   * this sign-in.
   *
   * @param keys as {@link #keys} has them
   */
  Future<JsonObject> check(Vertx vertx, List<JsonObject> keys, OidcProvider by, String nonce) {
    if (keys.isEmpty()) {
      return Future.failedFuture(new ProviderClient.Unusable("no key fits the ID token"));
    }
    var options =
        new JWTAuthOptions()
            .setJwks(keys)
            .setJWTOptions(
                new JWTOptions()
                    .setIssuer(by.issuer())
                    .setAudience(List.of(by.clientId()))
                    .setLeeway(LEEWAY_SECONDS));
    return Future.succeededFuture()
        .compose(_ -> JWTAuth.create(vertx, options).authenticate(new TokenCredentials(text)))
        .compose(
            user -> {
              var claims = user.attributes().getJsonObject("accessToken");
              String wrong = wrong(claims, by.clientId(), nonce);
              return wrong.isEmpty()
                  ? Future.succeededFuture(claims)
                  : Future.failedFuture(new ProviderClient.Unusable("the ID token " + wrong));
            });
  }

  /** What is wrong besides what the library looks at; empty if nothing is. */
  private static String wrong(JsonObject claims, String client, String nonce) {
    if (!(claims.getValue("exp") instanceof Number)
        || !(claims.getValue("iat") instanceof Number)) {
      return "has no times";
    }
    boolean several = claims.getValue("aud") instanceof JsonArray all && all.size() > 1;
    if ((several || claims.containsKey("azp")) && !client.equals(claims.getValue("azp"))) {
      return "is for another client";
    }
    if (!(claims.getValue("nonce") instanceof String told)
        || !MessageDigest.isEqual(
            told.getBytes(StandardCharsets.UTF_8), nonce.getBytes(StandardCharsets.UTF_8))) {
      return "is of another sign-in";
    }
    return claims.getValue("sub") instanceof String subject
            && !subject.isEmpty()
            && subject.length() <= MAX_SUBJECT
        ? ""
        : "has no subject";
  }
}
