package io.starling.api.consent;

import io.starling.api.oauth.OAuthRoutes;
import io.starling.api.oauth.OwnTokenRoutes;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** What this server can do as an authorization server (RFC 8414). */
public final class MetadataRoutes {
  private static final String PATH = "/.well-known/oauth-authorization-server";

  private MetadataRoutes() {}

  /** Adds them. */
  public static void addTo(Endpoints endpoints) {
    endpoints.open(
        HttpMethod.GET, PATH, exchange -> Future.succeededFuture(Answer.json(json(exchange))));
  }

  private static JsonObject json(Exchange exchange) {
    String base = exchange.baseUrl();
    var json =
        new JsonObject()
            .put("issuer", base)
            .put("authorization_endpoint", base + AuthorizeRoutes.PATH)
            .put("device_authorization_endpoint", base + DeviceLogInRoutes.BEGIN)
            .put("response_types_supported", array("code"))
            .put("response_modes_supported", array("query"))
            .put("code_challenge_methods_supported", array("S256"))
            .put("authorization_response_iss_parameter_supported", true)
            .put("service_documentation", base + "/docs");
    OAuthRoutes.describe(base, json);
    OwnTokenRoutes.describe(base, json);
    return json;
  }

  private static JsonArray array(String... values) {
    return new JsonArray(List.of(values));
  }
}
