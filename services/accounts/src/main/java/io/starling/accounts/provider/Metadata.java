package io.starling.accounts.provider;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Optional;

/**
 * What a provider tells of itself (Discovery 1.0, section 3), as far as it is needed.
 *
 * @param postsSecret whether it wants the client's secret in the form, not as HTTP Basic
 * @param sendsIssuer whether it says who it is when it sends a browser back (RFC 9207)
 */
record Metadata(
    URI authorization,
    URI token,
    URI keys,
    Optional<URI> userInfo,
    boolean postsSecret,
    boolean sendsIssuer) {
  static final String PATH = "/.well-known/openid-configuration";

  /** Where an issuer tells it. */
  static URI of(String issuer) {
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    return URI.create(base + PATH);
  }

  /** Reads it; fails if it is another issuer's, or not to be used. */
  static Metadata read(JsonObject json, String issuer) throws ProviderClient.Unusable {
    try {
      if (!issuer.equals(json.getString("issuer"))) {
        throw new ProviderClient.Unusable("it names another issuer than the settings");
      }
      var methods = json.getJsonArray("token_endpoint_auth_methods_supported", new JsonArray());
      return new Metadata(
          url(json, "authorization_endpoint"),
          url(json, "token_endpoint"),
          url(json, "jwks_uri"),
          json.containsKey("userinfo_endpoint")
              ? Optional.of(url(json, "userinfo_endpoint"))
              : Optional.empty(),
          methods.contains("client_secret_post") && !methods.contains("client_secret_basic"),
          json.getBoolean("authorization_response_iss_parameter_supported", false));
    } catch (ClassCastException _) {
      throw new ProviderClient.Unusable("its metadata make no sense");
    }
  }

  private static URI url(JsonObject json, String name) throws ProviderClient.Unusable {
    try {
      var url = URI.create(json.getString(name, ""));
      if (OidcProvider.isSafe(url)) {
        return url;
      }
    } catch (IllegalArgumentException _) {
      // As one that is not safe.
    }
    throw new ProviderClient.Unusable(name + " is missing or no https URL");
  }
}
