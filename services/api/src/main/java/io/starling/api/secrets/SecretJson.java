package io.starling.api.secrets;

import io.starling.contract.SecretsReply;
import io.starling.http.Timestamps;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** A secret as its routes show it. */
final class SecretJson {
  private SecretJson() {}

  /** All but its value. */
  static JsonObject of(SecretsReply.Told secret) {
    var accessed = secret.lastAccessedAtMillis();
    return new JsonObject()
        .put("name", secret.name())
        .put("created_at", Timestamps.of(secret.createdAtMillis()))
        .put("updated_at", Timestamps.of(secret.updatedAtMillis()))
        .put("last_accessed_at", accessed == null ? null : Timestamps.of(accessed))
        // Nothing runs here that could use one but services, which are not listed.
        .put("logic_functions", new JsonArray())
        .put("integrations", new JsonArray());
  }
}
