package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.contract.AccountId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OrganizationsIT {
  private static final String ACME = "/v1/orgs/acme";
  private static final String EVE = ACME + "/team/eve@example.com";

  @RegisterExtension final Region region = Region.start();

  private Call eve(String method, String path) {
    return region.anonymous(method, path).header("Authorization", "Bearer " + Region.OTHER_TOKEN);
  }

  private Call program(String method, String path) {
    return region
        .anonymous(method, path)
        .header("Authorization", "Bearer " + FakePeople.PROGRAM_TOKEN);
  }

  private static JsonObject name(String name) {
    return new JsonObject().put("name", name);
  }

  private static JsonObject role(String role) {
    return new JsonObject().put("role", role);
  }

  private void make() {
    assertThat(region.call("POST", "/v1/orgs").json(name("Acme")).status()).isEqualTo(201);
  }

  private void invite(String role) {
    var eve = role(role).put("username", "eve@example.com");
    assertThat(region.call("POST", ACME + "/team").json(eve).text()).isEqualTo("{\"ok\":true}");
  }

  @Test
  void isItsMembersAloneUntilItIsDeleted() {
    make();
    var shown = region.call("GET", ACME).send().json().getJsonObject("organization");
    assertThat(shown.getString("slug")).isEqualTo("acme");
    assertThat(region.call("GET", "/v1/orgs").send().json().getJsonArray("organizations"))
        .containsExactly(shown);
    assertThat(region.call("GET", "/v1/orgs/" + shown.getString("id")).send().status())
        .isEqualTo(200);
    assertThat(region.call("PUT", ACME).json(name("Acme & Sons")).text())
        .contains("\"name\":\"Acme & Sons\"");
    assertThat(region.call("PUT", ACME).json(name(" ")).status()).isEqualTo(400);
    assertThat(region.call("POST", "/v1/orgs").json(name("x".repeat(129))).status()).isEqualTo(400);

    assertThat(eve("GET", ACME).send().text()).isEqualTo(eve("GET", "/v1/orgs/no").send().text());
    assertThat(eve("DELETE", ACME).send().status()).isEqualTo(404);
    assertThat(region.call("DELETE", ACME).send().status()).isEqualTo(204);
    assertThat(region.call("GET", ACME).send().status()).isEqualTo(404);
    assertThat(region.call("GET", "/v1/orgs").send().json().getJsonArray("organizations"))
        .isEmpty();
  }

  @Test
  void aPersonIsInOnlySoMany() {
    make();
    assertThat(region.call("POST", "/v1/orgs").json(name("Two")).status()).isEqualTo(201);
    assertThat(region.call("POST", "/v1/orgs").json(name("Three")).status()).isEqualTo(400);
  }

  @Test
  void ownsProductsThatItsMembersWorkOnByTheirRoles() {
    make();
    var product = new JsonObject().put("product", name("Weather"));
    var made = region.call("POST", ACME + "/products").json(product);
    assertThat(made.status()).isEqualTo(200);
    int id = made.json().getJsonObject("product").getInteger("id");
    assertThat(made.json().getJsonObject("product").getString("organization")).isEqualTo("acme");
    assertThat(made.json().getJsonObject("product").containsKey("user")).isFalse();
    String path = "/v1/products/" + id;
    assertThat(eve("GET", path).send().status()).isEqualTo(404);

    invite("view-only");
    assertThat(eve("GET", path).send().status()).isEqualTo(200);
    assertThat(eve("GET", "/v1/products").send().text()).contains("\"id\":" + id);
    assertThat(eve("GET", ACME + "/products").send().text()).contains("\"id\":" + id);
    var rename = name("Climate");
    var refused = eve("PUT", path).json(rename);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(eve("POST", ACME + "/products").json(product).status()).isEqualTo(403);
    assertThat(region.call("PUT", EVE).json(role("administrator")).status()).isEqualTo(200);
    assertThat(eve("PUT", path).json(rename).status()).isEqualTo(200);
    assertThat(eve("POST", ACME + "/products").json(product).status()).isEqualTo(200);
    assertThat(eve("DELETE", ACME).send().status()).isEqualTo(403);

    assertThat(region.call("DELETE", EVE).send().status()).isEqualTo(204);
    assertThat(eve("GET", path).send().status()).isEqualTo(404);
    assertThat(eve("GET", "/v1/products").send().text()).doesNotContain("\"id\":" + id);
  }

  @Test
  void tellsWhoIsInItAsWhat() {
    make();
    invite("developer");
    var team = region.call("GET", ACME + "/team").send().json().getJsonArray("team");
    assertThat(team).hasSize(2);
    assertThat(team.toString()).contains("\"Owner\"", "\"Developer\"", "eve@example.com");
    var membership =
        eve("GET", "/v1/user").send().json().getJsonArray("memberships").getJsonObject(0);
    assertThat(membership.getJsonObject("org").getString("slug")).isEqualTo("acme");
    assertThat(membership.getJsonObject("role").getString("id")).isEqualTo("developer");
    assertThat(
            eve("GET", "/v1/access_tokens/current").send().json().getJsonArray("orgs").toString())
        .contains("acme");
  }

  @Test
  void nobodyGivesMoreThanHeHasAndThereIsAlwaysAnOwner() {
    make();
    invite("administrator");
    var idle = role("owner").put("username", "idle@example.com");
    assertThat(eve("POST", ACME + "/team").json(idle).status()).isEqualTo(403);
    assertThat(eve("PUT", EVE).json(role("owner")).status()).isEqualTo(403);
    String me = ACME + "/team/" + Region.EMAIL;
    assertThat(eve("DELETE", me).send().status()).isEqualTo(403);
    assertThat(region.call("DELETE", me).send().status()).isEqualTo(400);
    assertThat(region.call("PUT", me).json(role("support")).status()).isEqualTo(400);
    assertThat(region.call("PUT", EVE).json(role("owner")).status()).isEqualTo(200);
    assertThat(eve("DELETE", me).send().status()).isEqualTo(204);
    assertThat(region.call("GET", ACME).send().status()).isEqualTo(404);
    assertThat(eve("POST", ACME + "/team").json(role("chief")).status()).isEqualTo(400);
    var nobody = role("support").put("username", "nobody@example.com");
    assertThat(eve("POST", ACME + "/team").json(nobody).status()).isEqualTo(404);
  }

  @Test
  void anApiUserDoesWhatItsScopesSayInTheOrganizationAndItsProducts() {
    make();
    var product = new JsonObject().put("product", name("Weather"));
    var made = region.call("POST", ACME + "/products").json(product).json();
    String path = "/v1/products/" + made.getJsonObject("product").getInteger("id");
    var fields =
        new JsonObject()
            .put("friendly_name", "counter")
            .put("scopes", new JsonArray().add("devices:list").add("products:list"));
    var created = region.call("POST", ACME + "/team").json(fields).json().getJsonObject("created");
    assertThat(created.getJsonArray("tokens").getJsonObject(0).getString("token"))
        .isEqualTo(FakePeople.PROGRAM_TOKEN);
    assertThat(region.call("GET", ACME + "/team").send().text())
        .contains("\"friendly_name\":\"counter\"", "\"is_programmatic\":true")
        .doesNotContain(FakePeople.PROGRAM_TOKEN);

    assertThat(program("GET", path + "/devices").send().status()).isEqualTo(200);
    assertThat(program("GET", ACME + "/products").send().status()).isEqualTo(200);
    assertThat(program("GET", path + "/groups").send().text()).contains("API users are not");
    assertThat(program("GET", "/v1/products/thermo/devices").send().status()).isEqualTo(404);
    assertThat(program("GET", "/v1/devices").send().status()).isEqualTo(403);
    assertThat(program("GET", "/v1/access_tokens/current").send().status()).isEqualTo(200);

    String one = ACME + "/team/" + created.getString("username");
    var groups = new JsonObject().put("scopes", new JsonArray().add("groups:list"));
    assertThat(region.call("PUT", one).json(groups).status()).isEqualTo(200);
    assertThat(program("GET", path + "/groups").send().status()).isEqualTo(200);
    assertThat(program("GET", path + "/devices").send().status()).isEqualTo(403);
    assertThat(region.call("PUT", one).json(role("support")).status()).isEqualTo(400);
    assertThat(region.call("PUT", one + "/token").json(new JsonObject()).status()).isEqualTo(200);
    invite("administrator");
    assertThat(region.call("PUT", EVE + "/token").json(new JsonObject()).status()).isEqualTo(400);
    var escaping =
        new JsonObject()
            .put("friendly_name", "it")
            .put("scopes", new JsonArray().add("organization:remove"));
    assertThat(eve("POST", ACME + "/team").json(escaping).status()).isEqualTo(403);
    assertThat(region.call("DELETE", one).send().status()).isEqualTo(204);
    assertThat(program("GET", path + "/groups").send().status()).isEqualTo(404);
  }

  @Test
  void hasLedgersOfItsOwn() {
    make();
    var ledger =
        name("config").put("scope", "Owner").put("direction", "Downstream").put("description", "");
    var definition = new JsonObject().put("ledger", ledger);
    String ledgers = ACME + "/ledgers";
    assertThat(region.call("POST", ledgers).json(definition).status()).isEqualTo(201);
    assertThat(region.call("GET", ledgers).send().text()).contains("\"config\"");
    assertThat(region.call("GET", "/v1/ledgers").send().text()).doesNotContain("\"config\"");
    var acme = region.call("GET", ACME).send().json().getJsonObject("organization");
    String instance = ledgers + "/config/instances/" + acme.getString("id");
    var state = new JsonObject().put("instance", new JsonObject().put("data", name("on")));
    assertThat(region.call("PUT", instance).json(state).status()).isEqualTo(200);
    assertThat(region.call("GET", instance).send().text()).contains("\"on\"");

    assertThat(eve("GET", ledgers).send().status()).isEqualTo(404);
    invite("view-only");
    assertThat(eve("GET", instance).send().text()).contains("\"on\"");
    assertThat(eve("PUT", instance).json(state).status()).isEqualTo(403);
  }

  @Test
  void hasSecretsThatAreNobodyElsesAndNeverTold() {
    make();
    String secrets = ACME + "/secrets";
    var secret = new JsonObject().put("secret", name("KEY").put("value", "open sesame"));
    assertThat(region.call("POST", secrets).json(secret).status()).isEqualTo(201);
    assertThat(region.call("PUT", secrets + "/KEY").json(secret).status()).isEqualTo(200);
    assertThat(region.call("GET", "/v1/secrets/KEY").send().status()).isEqualTo(404);
    assertThat(eve("GET", secrets).send().status()).isEqualTo(404);
    invite("developer");
    assertThat(eve("GET", secrets).send().text()).contains("\"KEY\"").doesNotContain("sesame");
    assertThat(eve("GET", secrets + "/KEY").send().status()).isEqualTo(200);
    assertThat(eve("DELETE", secrets + "/KEY").send().status()).isEqualTo(204);
    assertThat(region.services.secrets.values()).isEmpty();
  }

  @Test
  void hasVariablesThatTheDevicesOfItsProductsInherit() {
    make();
    var product = new JsonObject().put("product", name("Weather"));
    var made = region.call("POST", ACME + "/products").json(product).json();
    int id = made.getJsonObject("product").getInteger("id");
    var acme = AccountId.of(made.getJsonObject("product").getString("org"));
    String env = ACME + "/env";
    var value = new JsonObject().put("value", "1");
    assertThat(region.call("PUT", env + "/A").json(value).status()).isEqualTo(200);
    var ops = new JsonArray("[{\"op\":\"Set\",\"key\":\"B\",\"value\":\"2\"}]");
    assertThat(region.call("PATCH", env).json(new JsonObject().put("ops", ops)).status())
        .isEqualTo(200);
    assertThat(region.call("GET", env + "/rollout").send().text()).contains("\"Added\"");
    var now = new JsonObject().put("when", "Immediate");
    assertThat(region.call("POST", env + "/rollout").json(now).status()).isEqualTo(200);

    region.rows.device(region.offline, acme, id, "attic");
    Region.done(region.directory.reached(region.rows.end(), Duration.ofSeconds(30)));
    var both = new JsonObject().put("A", "1").put("B", "2");
    String device = "/v1/env/" + region.offline;
    for (String path : new String[] {env, "/v1/products/" + id + "/env", device}) {
      assertThat(region.call("GET", path + "/render").send().json().getJsonObject("env"))
          .as(path)
          .isEqualTo(both);
    }
    assertThat(region.call("GET", "/v1/env/render").send().json().getJsonObject("env")).isEmpty();

    assertThat(eve("GET", env).send().status()).isEqualTo(404);
    invite("view-only");
    assertThat(eve("GET", env).send().text()).contains("\"value\":\"1\"");
    assertThat(eve("DELETE", env + "/A").send().status()).isEqualTo(403);
    assertThat(region.call("DELETE", env + "/A").send().status()).isEqualTo(200);
  }

  private Call.Reply move(String product, String to) {
    return region.call("PUT", product + "/owner").json(new JsonObject().put("organization", to));
  }

  @Test
  void takesAProductOfItsOwnerWhoMayMakeSuchAndGivesItBack() {
    make();
    String thermo = "/v1/products/" + Region.PRODUCT;
    assertThat(eve("PUT", thermo + "/owner").json(new JsonObject()).status()).isEqualTo(404);
    assertThat(region.call("PUT", thermo + "/owner").json(new JsonObject()).status())
        .isEqualTo(400);
    assertThat(move(thermo, "nowhere").status()).isEqualTo(404);
    assertThat(eve("POST", "/v1/orgs").json(name("Globex")).status()).isEqualTo(201);
    assertThat(move(thermo, "globex").text()).isEqualTo(move(thermo, "nowhere").text());
    var me = role("developer").put("username", Region.EMAIL);
    assertThat(eve("POST", "/v1/orgs/globex/team").json(me).status()).isEqualTo(200);
    assertThat(move(thermo, "globex").status()).isEqualTo(403);

    invite("administrator");
    assertThat(eve("GET", thermo).send().status()).isEqualTo(404);
    var moved = move(thermo, "acme");
    assertThat(moved.status()).isEqualTo(200);
    assertThat(moved.json().getJsonObject("product").getString("organization")).isEqualTo("acme");
    assertThat(eve("GET", thermo).send().status()).isEqualTo(200);
    assertThat(region.call("GET", ACME + "/products").send().text()).contains("moved-");
    assertThat(move(thermo, "acme").status()).isEqualTo(200);

    var mine = new JsonObject().putNull("organization");
    assertThat(eve("PUT", thermo + "/owner").json(mine).status()).isEqualTo(403);
    var back = region.call("PUT", thermo + "/owner").json(mine);
    assertThat(back.json().getJsonObject("product").containsKey("organization")).isFalse();
    assertThat(eve("GET", thermo).send().status()).isEqualTo(404);
  }

  @Test
  void aStreamOfAProductEndsWhenItMoves() {
    make();
    String thermo = "/v1/products/" + Region.PRODUCT;
    try (var listener = Listener.open(region, thermo + "/events", Region.TOKEN)) {
      assertThat(listener.status()).isEqualTo(200);
      region.show(region.online, "temp", "before");
      assertThat(listener.events(1).getFirst()).contains("before");
      assertThat(move(thermo, "acme").status()).isEqualTo(200);
      await().atMost(Duration.ofSeconds(5)).until(listener::ended);
    }
  }

  @Test
  void whoMayReleaseItsDevicesAnswersWhoAsksForThem() {
    make();
    String all = ACME + "/devices/transfers";
    String one = all + "/" + FakeServices.TRANSFER;
    var accept = new JsonObject().put("action", "accept");
    assertThat(eve("PUT", one).json(accept).status()).isEqualTo(404);
    invite("view-only");
    assertThat(eve("GET", all).send().text()).contains(FakeServices.TRANSFER);
    assertThat(eve("PUT", one).json(accept).status()).isEqualTo(403);
    assertThat(region.call("PUT", one).json(accept).status()).isEqualTo(200);
    assertThat(region.call("PUT", all + "/other").json(accept).status()).isEqualTo(404);
    assertThat(region.call("PUT", one).json(new JsonObject()).status()).isEqualTo(400);
  }

  @Test
  void itsStreamShowsItsEventsAndEndsForWhoIsTakenOut() {
    make();
    invite("support");
    var event = new JsonObject().put("name", "note").put("data", "hello");
    assertThat(eve("POST", ACME + "/events").json(event).status()).isEqualTo(403);
    assertThat(region.call("POST", ACME + "/events").json(event).text()).isEqualTo("{\"ok\":true}");
    try (var listener = Listener.open(region, ACME + "/events/te", Region.OTHER_TOKEN)) {
      assertThat(listener.status()).isEqualTo(200);
      region.show(region.online, "temp", "of a person");
      var acme = region.call("GET", ACME).send().json().getJsonObject("organization");
      var id = AccountId.of(acme.getString("id"));
      region.show(id, region.offline, "temp", "of acme");
      assertThat(listener.events(1).getFirst()).contains("of acme");
      assertThat(region.call("DELETE", EVE).send().status()).isEqualTo(204);
      await().atMost(Duration.ofSeconds(5)).until(listener::ended);
    }
  }
}
