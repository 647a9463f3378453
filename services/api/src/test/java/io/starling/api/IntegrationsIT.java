package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntegrationsIT {
  @RegisterExtension private final Region region = Region.start();

  private static JsonObject hook() {
    return new JsonObject().put("event", "temp").put("url", "https://example.com/{{x}}");
  }

  private Call.Reply create(String path, JsonObject hook) {
    return region.call("POST", path).json(hook);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/webhooks", "/v1/integrations"})
  void createsOne(String path) {
    var reply = create(path, hook().put("deviceId", region.online.toString()));

    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.json().fieldNames())
        .containsExactly(
            "ok",
            "id",
            "event",
            "name",
            "url",
            "integration_type",
            "created_at",
            "hookUrl",
            "noDefaults",
            "rejectUnauthorized");
    String id = reply.json().getString("id");
    assertThat(reply.json().getBoolean("ok")).isTrue();
    assertThat(reply.json().getString("hookUrl")).isEqualTo(region.url(path + "/" + id));
    for (String list : new String[] {"/v1/webhooks", "/v1/integrations"}) {
      var shown = region.call("GET", list).send().array().getJsonObject(0);
      assertThat(shown.getString("id")).isEqualTo(id);
      assertThat(shown.getString("integration_type")).isEqualTo("Webhook");
      assertThat(shown.getString("requestType")).isEqualTo("POST");
      assertThat(shown.getString("deviceID")).isEqualTo(region.online.toString());
      assertThat(shown.getString("created_at")).endsWith("Z");
      assertThat(shown.containsKey("deviceId")).isFalse();
    }
  }

  @Test
  void takesAForm() {
    var reply =
        region
            .call("POST", "/v1/webhooks")
            .form("event=a%2Fb&url=https%3A%2F%2Fexample.com&noDefaults=true");

    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.json().getString("event")).isEqualTo("a/b");
    assertThat(reply.json().getValue("noDefaults")).isEqualTo(true);
  }

  @Test
  void showsOneUnderTheNameOfItsPath() {
    String id = create("/v1/webhooks", hook()).json().getString("id");

    var webhook = region.call("GET", "/v1/webhooks/" + id).send().json().getJsonObject("webhook");
    var integration =
        region.call("GET", "/v1/integrations/" + id).send().json().getJsonObject("integration");

    assertThat(webhook).isEqualTo(integration);
    assertThat(webhook.fieldNames()).contains("logs", "errors", "counters", "event", "url");
  }

  @Test
  void saysWhatIsWrongWithAConfiguration() {
    var reply = create("/v1/integrations", new JsonObject().put("event", "a"));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).isEqualTo("{\"ok\":false,\"error\":\"url is required\"}");
  }

  @Test
  void replacesTheWholeConfiguration() {
    String id = create("/v1/integrations", hook().put("name", "old")).json().getString("id");

    var reply =
        region
            .call("PUT", "/v1/integrations/" + id)
            .json(hook().put("event", "other").put("disabled", true));

    assertThat(reply.status()).isEqualTo(200);
    var shown = region.call("GET", "/v1/integrations").send().array().getJsonObject(0);
    assertThat(shown.getString("event")).isEqualTo("other");
    assertThat(shown.getString("name")).isEqualTo("other");
    assertThat(shown.getBoolean("disabled")).isTrue();
  }

  @Test
  void deletesOne() {
    String id = create("/v1/webhooks", hook()).json().getString("id");

    assertThat(region.call("DELETE", "/v1/webhooks/" + id).send().text())
        .isEqualTo("{\"ok\":true}");
    assertThat(region.call("GET", "/v1/webhooks").send().text()).isEqualTo("[]");
    assertThat(region.call("DELETE", "/v1/webhooks/" + id).send().text())
        .isEqualTo("{\"ok\":false,\"error\":\"Webhook not found\"}");
  }

  @Test
  void answersTheSameAboutForeignAndAboutAbsentOnes() {
    String id = create("/v1/webhooks", hook()).json().getString("id");

    for (String method : new String[] {"GET", "PUT", "DELETE"}) {
      var foreign =
          region
              .anonymous(method, "/v1/webhooks/" + id)
              .header("Authorization", "Bearer " + Region.OTHER_TOKEN)
              .json(hook());
      var absent = region.call(method, "/v1/webhooks/" + "f".repeat(24)).json(hook());
      assertThat(foreign.status()).isEqualTo(404);
      assertThat(foreign.text()).isEqualTo(absent.text());
    }
  }

  @Test
  void belongsToTheProductThatItIsMadeBelow() {
    String own = create("/v1/webhooks", hook()).json().getString("id");
    String products =
        create("/v1/products/thermo/integrations", hook().put("productId", 1))
            .json()
            .getString("id");

    var shown = region.call("GET", "/v1/products/77/webhooks").send().array();
    assertThat(shown).hasSize(1);
    assertThat(shown.getJsonObject(0).getString("id")).isEqualTo(products);
    assertThat(shown.getJsonObject(0).getInteger("productID")).isEqualTo(77);
    assertThat(region.call("GET", "/v1/products/77/webhooks/" + own).send().status())
        .isEqualTo(404);
    assertThat(region.call("DELETE", "/v1/products/77/webhooks/" + products).send().status())
        .isEqualTo(200);
  }

  @Test
  void keepsNoTokenInAConfiguration() {
    var reply =
        region.anonymous("POST", "/v1/webhooks").json(hook().put("access_token", Region.TOKEN));

    assertThat(reply.status()).isEqualTo(201);
    assertThat(region.call("GET", "/v1/webhooks").send().text()).doesNotContain(Region.TOKEN);
  }
}
