package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SecretsIT {
  @RegisterExtension private final Region region = Region.start();

  private Call.Reply put(String name, Object value) {
    var body = new JsonObject().put("secret", new JsonObject().put("value", value));
    return region.call("PUT", "/v1/secrets/" + name).json(body);
  }

  @Test
  void areKeptListedAndForgottenWithoutEverTellingAValue() {
    var kept = put("USED", "open sesame");
    assertThat(kept.status()).isEqualTo(200);
    var list = region.call("GET", "/v1/secrets").send();
    var one = region.call("GET", "/v1/secrets/USED").send();
    assertThat(kept.text() + list.text() + one.text()).doesNotContain("sesame");
    assertThat(region.services.secrets.values()).containsExactly("open sesame");
    assertThat(one.json().getJsonObject("secret"))
        .isEqualTo(list.json().getJsonArray("secrets").getJsonObject(0));
    assertThat(one.json().getJsonObject("secret").getString("last_accessed_at"))
        .isEqualTo("1970-01-01T00:00:03.000Z");

    assertThat(region.call("DELETE", "/v1/secrets/USED").send().status()).isEqualTo(204);
    assertThat(region.call("DELETE", "/v1/secrets/USED").send().status()).isEqualTo(404);
    assertThat(region.call("GET", "/v1/secrets/USED").send().status()).isEqualTo(404);
  }

  @Test
  void oneThatIsThereIsNotMadeAnew() {
    var secret = new JsonObject().put("name", "NAME").put("value", "x");
    var body = new JsonObject().put("secret", secret);
    assertThat(region.call("POST", "/v1/secrets").json(body).status()).isEqualTo(201);
    assertThat(region.call("POST", "/v1/secrets").json(body).status()).isEqualTo(400);
  }

  @Test
  void areOfTheCallerAlone() {
    var _ = put("MINE", "x");
    String bearer = "Bearer " + Region.OTHER_TOKEN;
    for (String method : new String[] {"GET", "DELETE"}) {
      var other = region.anonymous(method, "/v1/secrets/MINE").header("Authorization", bearer);
      assertThat(other.send().status()).isEqualTo(404);
    }
    assertThat(region.services.secrets.values()).hasSize(1);
  }

  @Test
  void whatCannotBeKeptIsRefused() {
    for (String name : new String[] {"lower", "1ST", "A-B", "A".repeat(65), "%20"}) {
      assertThat(put(name, "x").status()).as(name).isEqualTo(400);
    }
    assertThat(put("NAME", "").status()).isEqualTo(400);
    assertThat(region.call("PUT", "/v1/secrets/NAME").json(new JsonObject()).status())
        .isEqualTo(400);
    assertThat(put("NAME", "\u00fc".repeat(4_097)).status()).isEqualTo(400);
    assertThat(put("NAME", "\u00fc".repeat(4_096)).status()).isEqualTo(200);
    var _ = put("TWO", "x");
    var _ = put("THREE", "x");
    assertThat(put("FOUR", "x").json().getString("error")).contains("as many as there may be");
  }

  @Test
  void withoutADatabaseTheyAreNotToBeHad() {
    region.services.databaseDown = true;
    for (var reply :
        new Call.Reply[] {put("NAME", "x"), region.call("GET", "/v1/secrets").send()}) {
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.header("Retry-After")).isPresent();
    }
  }
}
