package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.DeviceId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A product's authorities, and devices that have registered by them. */
class QuarantineIT {
  private static final String PRODUCT = "/v1/products/thermo";
  private static final String AUTHORITIES = PRODUCT + "/authorities";

  @RegisterExtension private final Region region = Region.start();

  private DeviceId waiting() {
    var id = DeviceId.create();
    region.rows.quarantined(id, region.person, Region.PRODUCT, true, false);
    Region.done(region.directory.reached(region.rows.end(), Duration.ofSeconds(30)));
    return id;
  }

  private JsonObject inProduct(DeviceId id) {
    var page = region.call("GET", PRODUCT + "/devices?deviceId=" + id).send().json();
    return page.getJsonArray("devices").getJsonObject(0);
  }

  @Test
  void isSwitchedOnAndOff() {
    for (boolean on : new boolean[] {true, false}) {
      var settings = new JsonObject().put("settings", new JsonObject().put("quarantine", on));
      for (var body : List.of(settings, new JsonObject().put("product", settings))) {
        var reply = region.call("PUT", PRODUCT).json(body);
        assertThat(reply.status()).isEqualTo(200);
        var shown = region.call("GET", PRODUCT).send().json().getJsonObject("product");
        assertThat(reply.json().getJsonObject("product")).isEqualTo(shown);
        assertThat(shown.getJsonObject("settings").getBoolean("quarantine")).isEqualTo(on);
      }
    }
    for (String body :
        List.of("{}", "{\"settings\":{}}", "{\"settings\":{\"quarantine\":\"maybe\"}}")) {
      assertThat(region.call("PUT", PRODUCT).raw("application/json", body).status()).isEqualTo(400);
    }
  }

  @Test
  void aDeviceThatWaitsIsListedInItsProductAlone() {
    var id = waiting();
    assertThat(inProduct(id).getBoolean("quarantined")).isTrue();
    assertThat(inProduct(id).getBoolean("denied")).isFalse();
    assertThat(region.call("GET", "/v1/devices").send().text()).doesNotContain(id.toString());
    assertThat(region.call("GET", "/v1/devices/" + id).send().status()).isEqualTo(403);
    assertThat(
            region.call("GET", PRODUCT + "/devices/" + id).send().json().getBoolean("quarantined"))
        .isTrue();
  }

  @Test
  void isApproved() {
    var id = waiting();
    var reply =
        region
            .call("POST", PRODUCT + "/devices")
            .json(new JsonObject().put("ids", new JsonArray().add(id.toString()).add("nonsense")));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json())
        .isEqualTo(
            new JsonObject()
                .put("updated", 1)
                .put("updatedDeviceIds", new JsonArray().add(id.toString()))
                .put("existingDeviceIds", new JsonArray())
                .put("nonmemberDeviceIds", new JsonArray())
                .put("invalidDeviceIds", new JsonArray().add("nonsense")));
    assertThat(inProduct(id).getBoolean("quarantined")).isFalse();
    assertThat(region.call("GET", "/v1/devices/" + id).send().status()).isEqualTo(200);
    assertThat(region.call("POST", PRODUCT + "/devices").json(new JsonObject()).status())
        .isEqualTo(400);
  }

  @Test
  void isDenied() {
    var id = waiting();
    var deny = new JsonObject().put("deny", true);
    assertThat(region.call("DELETE", PRODUCT + "/devices/" + id).json(deny).status())
        .isEqualTo(204);
    assertThat(inProduct(id).getBoolean("denied")).isTrue();
    assertThat(region.call("DELETE", PRODUCT + "/devices/" + region.online).json(deny).status())
        .isEqualTo(400);
    assertThat(region.call("DELETE", PRODUCT + "/devices/" + region.offline).send().status())
        .isEqualTo(204);
    assertThat(region.call("GET", PRODUCT + "/devices/" + region.offline).send().status())
        .isEqualTo(403);
  }

  @Test
  void whatTheAccountsServiceSaysOfAnAuthorityIsTold() {
    var body = new JsonObject().put("certificate", "c").put("proof", "none");
    var refused = region.call("POST", AUTHORITIES).json(body);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().getString("error")).isEqualTo("proof must be one");
    assertThat(region.call("POST", AUTHORITIES).json(body.put("proof", "proof")).status())
        .isEqualTo(201);
    assertThat(region.call("GET", AUTHORITIES).send().json().getString("proof_name"))
        .isEqualTo("starling-product-" + Region.PRODUCT);
    assertThat(region.call("DELETE", AUTHORITIES + "/AB12").send().status()).isEqualTo(204);
    assertThat(region.call("DELETE", AUTHORITIES + "/ffff").send().status()).isEqualTo(404);
  }

  @Test
  void nobodyElseSeesOrChangesAnyOfIt() {
    var id = waiting();
    var paths =
        List.of(
            "PUT " + PRODUCT,
            "GET " + AUTHORITIES,
            "POST " + AUTHORITIES,
            "DELETE " + AUTHORITIES + "/ab12",
            "POST " + PRODUCT + "/devices",
            "DELETE " + PRODUCT + "/devices/" + id);
    for (String path : paths) {
      var parts = path.split(" ", 2);
      var reply =
          region
              .anonymous(parts[0], parts[1])
              .header("Authorization", "Bearer " + Region.OTHER_TOKEN)
              .json(new JsonObject().put("id", id.toString()));
      assertThat(reply.status()).as(path).isEqualTo(404);
      assertThat(reply.text()).isEqualTo("{\"ok\":false,\"error\":\"Product not found.\"}");
    }
  }

  @Test
  void nothingIsChangedWithoutTheDatabase() {
    region.services.databaseDown = true;
    var id = new JsonObject().put("id", DeviceId.create().toString());
    var on = new JsonObject().put("settings", new JsonObject().put("quarantine", true));
    assertThat(region.call("POST", PRODUCT + "/devices").json(id).status()).isEqualTo(503);
    assertThat(region.call("PUT", PRODUCT).json(on).status()).isEqualTo(503);
    assertThat(region.call("POST", AUTHORITIES).json(id).status()).isEqualTo(503);
  }
}
