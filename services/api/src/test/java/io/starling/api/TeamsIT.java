package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TeamsIT {
  private static final String TEAM = "/v1/products/thermo/team";
  private static final String EVE = TEAM + "/eve@example.com";

  @RegisterExtension final Region region = Region.start();

  private Call eve(String method, String path) {
    return region.anonymous(method, path).header("Authorization", "Bearer " + Region.OTHER_TOKEN);
  }

  private Call program(String method, String path) {
    return region
        .anonymous(method, path)
        .header("Authorization", "Bearer " + FakePeople.PROGRAM_TOKEN);
  }

  private void invite(String role) {
    var fields = new JsonObject().put("username", "eve@example.com").put("role", role);
    assertThat(region.call("POST", TEAM).json(fields).text()).isEqualTo("{\"ok\":true}");
  }

  @Test
  void aMemberWorksOnTheProductUntilHeIsTakenOut() {
    assertThat(eve("GET", "/v1/products/thermo").send().status()).isEqualTo(404);
    invite("View-only");
    assertThat(eve("GET", "/v1/products/thermo").send().status()).isEqualTo(200);
    assertThat(eve("GET", "/v1/products").send().text()).contains("\"slug\":\"thermo\"");
    assertThat(eve("GET", "/v1/products/thermo/devices").send().text()).contains("kitchen");
    assertThat(eve("GET", "/v1/devices").send().text()).doesNotContain("kitchen");
    var rename = new JsonObject().put("name", "mine");
    assertThat(eve("PUT", "/v1/products/thermo/devices/kitchen").json(rename).status())
        .isEqualTo(403);

    var team = region.call("GET", TEAM).send().json().getJsonArray("team");
    assertThat(team).hasSize(2);
    assertThat(team.getJsonObject(0).getJsonObject("role").getString("id")).isEqualTo("owner");
    assertThat(team.getJsonObject(1))
        .isEqualTo(
            new JsonObject()
                .put("username", "eve@example.com")
                .put("role", new JsonObject().put("id", "view-only").put("name", "View-only"))
                .put("is_programmatic", false)
                .put("no_mfa", true));

    assertThat(region.call("PUT", EVE).json(new JsonObject().put("role", "developer")).status())
        .isEqualTo(200);
    assertThat(eve("PUT", "/v1/products/thermo/devices/kitchen").json(rename).status())
        .isEqualTo(200);
    assertThat(region.call("DELETE", EVE).send().status()).isEqualTo(204);
    assertThat(eve("GET", "/v1/products/thermo").send().status()).isEqualTo(404);
    assertThat(region.call("DELETE", EVE).send().status()).isEqualTo(404);
  }

  @Test
  void aMemberReadsTheProductsStreamAndNoLongerOnceHeIsOut() {
    invite("view-only");
    try (var listener = Listener.open(region, "/v1/products/thermo/events", Region.OTHER_TOKEN)) {
      assertThat(listener.status()).isEqualTo(200);
      region.show(region.online, "temp", "21");
      assertThat(listener.events(1).getFirst()).contains("\"data\":\"21\"");
      assertThat(region.call("DELETE", EVE).send().status()).isEqualTo(204);
      await().atMost(Duration.ofSeconds(5)).until(listener::ended);
    }
  }

  @Test
  void nobodyGivesMoreThanHeHas() {
    invite("administrator");
    var developer = new JsonObject().put("username", "idle@example.com").put("role", "developer");
    var idle = TEAM + "/idle@example.com";
    assertThat(eve("POST", TEAM).json(developer).status()).isEqualTo(200);
    assertThat(eve("DELETE", idle).send().status()).isEqualTo(204);
    var escaping =
        new JsonObject()
            .put("friendly_name", "it")
            .put("scopes", new JsonArray().add("products:remove"));
    assertThat(eve("POST", TEAM).json(escaping).status()).isEqualTo(403);
    assertThat(region.call("POST", TEAM).json(escaping).status()).isEqualTo(200);
    // It may do now what the administrator may not.
    assertThat(eve("DELETE", TEAM + "/it+1@api.starling.invalid").send().status()).isEqualTo(403);
    assertThat(eve("DELETE", "/v1/products/thermo").send().status()).isEqualTo(403);
  }

  @Test
  void anApiUserDoesWhatItsScopesSay() {
    var fields =
        new JsonObject()
            .put("friendly_name", "counter")
            .put("scopes", new JsonArray().add("devices:list"));
    var made = region.call("POST", TEAM).json(fields);
    assertThat(made.status()).isEqualTo(200);
    var created = made.json().getJsonObject("created");
    assertThat(created.getBoolean("is_programmatic")).isTrue();
    assertThat(created.getJsonArray("tokens").getJsonObject(0).getString("token"))
        .isEqualTo(FakePeople.PROGRAM_TOKEN);
    assertThat(region.call("GET", TEAM).send().text())
        .contains("\"friendly_name\":\"counter\"")
        .doesNotContain(FakePeople.PROGRAM_TOKEN);

    assertThat(program("GET", "/v1/products/thermo/devices").send().status()).isEqualTo(200);
    var refused = program("GET", "/v1/products/thermo/groups").send();
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.json().getString("error_description"))
        .isEqualTo("API users are not allowed to call this endpoint");
    assertThat(program("GET", "/v1/user").send().status()).isEqualTo(403);
    assertThat(program("GET", "/v1/devices").send().status()).isEqualTo(403);
    assertThat(program("GET", "/v1/access_tokens/current").send().status()).isEqualTo(200);

    String one = TEAM + "/" + created.getString("username");
    assertThat(region.call("PUT", one + "/token").json(new JsonObject()).status()).isEqualTo(200);
    assertThat(region.call("PUT", EVE + "/token").json(new JsonObject()).status()).isEqualTo(404);
    assertThat(region.call("DELETE", one).send().status()).isEqualTo(204);
    assertThat(program("GET", "/v1/products/thermo/devices").send().status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 400",
        "{\"username\":\"nobody@example.com\"} | 404",
        "{\"username\":\"eve@example.com\",\"role\":\"owner\"} | 400",
        "{\"username\":\"eve@example.com\",\"role\":\"king\"} | 400",
        "{\"friendly_name\":\"x\"} | 400",
        "{\"friendly_name\":\"\",\"scopes\":[\"devices:list\"]} | 400",
        "{\"friendly_name\":\"x\",\"scopes\":[]} | 400",
        "{\"friendly_name\":\"x\",\"scopes\":[\"no:such\"]} | 400",
        "{\"friendly_name\":\"x\",\"scopes\":[\"user:manage\"]} | 400"
      })
  void refusesWhatMakesNoMember(String body, int status) {
    assertThat(region.call("POST", TEAM).json(new JsonObject(body)).status()).isEqualTo(status);
  }
}
