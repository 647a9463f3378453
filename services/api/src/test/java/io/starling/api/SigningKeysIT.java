package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the requests of an integration are signed by. */
class SigningKeysIT {
  @RegisterExtension private final Region region = Region.start();

  private String hook(String path) {
    var hook = new JsonObject().put("event", "temp").put("url", "https://example.com/");
    return path + "/" + region.call("POST", path).json(hook).json().getString("id");
  }

  private JsonObject make(String hook, JsonObject body) {
    var reply = region.call("POST", hook + "/keys").json(body);
    assertThat(reply.status()).isEqualTo(201);
    return reply.json();
  }

  private String keys(String hook) {
    return region.call("GET", hook + "/keys").send().text();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/webhooks",
        "/v1/integrations",
        "/v1/products/77/webhooks",
        "/v1/products/77/integrations",
        "/v1/orgs/acme/integrations"
      })
  void tellsASecretOnceAndThenItsEnd(String path) {
    var _ = region.services.organizations.make(region.person, "acme");
    Region.done(region.directory.reached(region.rows.end(), Duration.ofSeconds(30)));
    String hook = hook(path);

    var made = make(hook, new JsonObject());

    String secret = made.getString("secret");
    assertThat(made.getString("kind")).isEqualTo("v1");
    assertThat(secret).startsWith("whsec_");
    var shown = region.call("GET", hook + "/keys").send().json().getJsonArray("keys");
    assertThat(shown).hasSize(1);
    assertThat(shown.getJsonObject(0).getString("id")).isEqualTo(made.getString("id"));
    assertThat(secret).endsWith(shown.getJsonObject(0).getString("last_characters"));
    String one = region.call("GET", hook).send().text();
    assertThat(keys(hook) + one).doesNotContain(secret.substring(6));
    String key = hook + "/keys/" + made.getString("id");
    assertThat(region.call("DELETE", key).send().text()).isEqualTo("{\"ok\":true}");
    assertThat(keys(hook)).isEqualTo("{\"keys\":[]}");
    assertThat(region.call("DELETE", key).send().status()).isEqualTo(404);
  }

  @Test
  void publishesPublicKeysToAnybodyAndNothingElse() {
    String hook = hook("/v1/integrations");
    var hmac = make(hook, new JsonObject().put("kind", "v1"));
    var pair = make(hook, new JsonObject().put("kind", "v1a"));

    var published = region.anonymous("GET", hook + "/keys.json").send();

    assertThat(published.status()).isEqualTo(200);
    var keys = published.json().getJsonArray("keys");
    assertThat(keys).hasSize(1);
    var key = keys.getJsonObject(0);
    assertThat(key.getString("kid")).isEqualTo(pair.getString("id"));
    assertThat(key.getString("kty")).isEqualTo("OKP");
    byte[] bytes = Base64.getUrlDecoder().decode(key.getString("x"));
    assertThat(pair.getString("public_key"))
        .isEqualTo("whpk_" + Base64.getEncoder().encodeToString(bytes));
    assertThat(published.text())
        .doesNotContain(hmac.getString("secret").substring(6), hmac.getString("id"));
  }

  @Test
  void tellsNobodyWhetherAnIntegrationIsThere() {
    String unsigned = hook("/v1/integrations");
    var none = region.anonymous("GET", unsigned + "/keys.json").send();
    for (String id : new String[] {"f".repeat(24), "x"}) {
      var absent = region.anonymous("GET", "/v1/integrations/" + id + "/keys.json").send();
      assertThat(absent.status()).isEqualTo(none.status());
      assertThat(absent.text()).isEqualTo(none.text()).isEqualTo("{\"keys\":[]}");
    }
    for (String method : new String[] {"GET", "POST"}) {
      var foreign =
          region
              .anonymous(method, unsigned + "/keys")
              .header("Authorization", "Bearer " + Region.OTHER_TOKEN)
              .json(new JsonObject());
      var absent = region.call(method, "/v1/integrations/" + "f".repeat(24) + "/keys");
      assertThat(foreign.status()).isEqualTo(404);
      assertThat(foreign.text()).isEqualTo(absent.json(new JsonObject()).text());
    }
  }

  @Test
  void takesAKeyOfOnesOwn() {
    String hook = hook("/v1/integrations");
    String secret = "whsec_" + Base64.getEncoder().encodeToString(new byte[24]);

    assertThat(make(hook, new JsonObject().put("secret", secret)).getString("secret"))
        .isEqualTo(secret);

    var shortOne = new JsonObject().put("secret", "whsec_AAAA");
    var reply = region.call("POST", hook + "/keys").json(shortOne);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).contains("24 to 64 bytes").doesNotContain("AAAA");
    var odd = region.call("POST", hook + "/keys").json(new JsonObject().put("kind", "v2"));
    assertThat(odd.status()).isEqualTo(400);
  }

  @Test
  void keepsAKeyForAWhileThatIsReplaced() {
    String hook = hook("/v1/integrations");
    var old = make(hook, new JsonObject());
    var _ = make(hook, new JsonObject());
    String key = hook + "/keys/" + old.getString("id");

    for (String wrong : new String[] {"soon", "-PT1H", "P91D"}) {
      assertThat(region.call("DELETE", key + "?after=" + wrong).send().status()).isEqualTo(400);
    }
    assertThat(region.call("DELETE", key + "?after=PT24H").send().status()).isEqualTo(200);

    var shown = region.call("GET", hook + "/keys").send().json().getJsonArray("keys");
    assertThat(shown).hasSize(2);
    assertThat(shown.stream().map(one -> ((JsonObject) one).getString("expires_at")))
        .filteredOn(at -> at != null)
        .hasSize(1);
  }
}
