package io.starling.api.integrations;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.IntegrationId;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntegrationJsonTest {
  private static JsonObject show(JsonObject configuration) {
    return IntegrationJson.of(
        IntegrationId.of("b".repeat(24)), configuration, Instant.parse("2026-01-01T00:00:00Z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"deviceid", "deviceId", "deviceID"})
  void spellsTheDeviceFilterInOneWay(String sent) {
    var shown = show(new JsonObject().put("event", "e").put("url", "u").put(sent, "d"));

    assertThat(shown.getString("deviceID")).isEqualTo("d");
    assertThat(shown.fieldNames()).doesNotContain("deviceid", "deviceId");
  }

  @Test
  void putsInWhatEveryClientLooksFor() {
    var shown = show(new JsonObject().put("event", "e").put("url", "u"));

    assertThat(shown)
        .isEqualTo(
            new JsonObject()
                .put("id", "b".repeat(24))
                .put("event", "e")
                .put("url", "u")
                .put("requestType", "POST")
                .put("integration_type", "Webhook")
                .put("created_at", "2026-01-01T00:00:00.000Z")
                .put("name", "e"));
  }

  @Test
  void letsAConfigurationNotPassForAnother() {
    var shown =
        show(
            new JsonObject()
                .put("event", "e")
                .put("id", "other")
                .put("created_at", "never")
                .put("name", "n")
                .put("requestType", "PUT"));

    assertThat(shown.getString("id")).isEqualTo("b".repeat(24));
    assertThat(shown.getString("created_at")).startsWith("2026");
    assertThat(shown.getString("name")).isEqualTo("n");
    assertThat(shown.getString("requestType")).isEqualTo("PUT");
  }
}
