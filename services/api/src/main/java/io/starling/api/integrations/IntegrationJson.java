package io.starling.api.integrations;

import io.starling.contract.IntegrationId;
import io.starling.directory.Entry;
import io.starling.http.Timestamps;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** An integration as the API shows it: its configuration with what every client looks for. */
final class IntegrationJson {
  /** The field that names the product whose events alone count. */
  static final String PRODUCT_FILTER = "productID";

  private IntegrationJson() {}

  static JsonObject of(Entry.Integration integration) {
    var shown = SecretMask.hide(integration.configuration());
    CertificateExpiry.addTo(shown);
    return of(integration.id(), shown, integration.createdAt())
        .put("event", integration.event())
        .put("url", integration.url())
        .put("disabled", integration.disabled());
  }

  /** From a configuration that the Directory does not show yet. */
  static JsonObject of(IntegrationId id, JsonObject configuration, Instant createdAt) {
    String event = String.valueOf(configuration.getValue("event", ""));
    var json =
        new JsonObject()
            .put("id", id.toString())
            .put("event", event)
            .put("url", configuration.getValue("url"))
            .put("requestType", "POST")
            .put("integration_type", "Webhook")
            .put("created_at", Timestamps.of(createdAt))
            .put("name", event);
    configuration.forEach(
        field -> {
          switch (field.getKey()) {
            // The tools spell these in three ways; they are read in one.
            case "deviceid", "deviceId" -> json.put("deviceID", field.getValue());
            case "productid", "productId" -> json.put(PRODUCT_FILTER, field.getValue());
            case "id", "created_at" -> {}
            default -> json.put(field.getKey(), field.getValue());
          }
        });
    return json;
  }
}
