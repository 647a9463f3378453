package io.starling.accounts.provider;

import io.starling.contract.OidcRequest.Origin;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;

/** The pages that people come from, as steps keep them. */
final class Origins {
  private Origins() {}

  static JsonObject json(Origin origin) {
    var fields = new JsonObject();
    origin.fields().forEach(fields::put);
    return new JsonObject().put("page", origin.page()).put("fields", fields);
  }

  static Origin read(JsonObject json) {
    var kept = json.getJsonObject("fields");
    var fields = new LinkedHashMap<String, String>();
    kept.fieldNames().forEach(name -> fields.put(name, kept.getString(name)));
    return new Origin(json.getString("page"), fields);
  }
}
