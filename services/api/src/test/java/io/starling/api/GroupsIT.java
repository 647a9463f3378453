package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The groups of a product, and which devices are in them. */
class GroupsIT {
  private static final String PRODUCT = "/v1/products/thermo";
  private static final String GROUPS = PRODUCT + "/groups";

  @RegisterExtension private final Region region = Region.start();

  private Call.Reply make(String name) {
    return region
        .call("POST", GROUPS)
        .json(new JsonObject().put("name", name).put("description", "d").put("color", "#ff0000"));
  }

  private JsonObject group(String name) {
    return region.call("GET", GROUPS + "/" + name).send().json().getJsonObject("group");
  }

  private Call.Reply put(Object groups) {
    return region
        .call("PUT", PRODUCT + "/devices/kitchen")
        .json(new JsonObject().put("groups", groups));
  }

  @Test
  void areMadeShownChangedAndDeleted() {
    var made = make("red");
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().getJsonObject("group"))
        .isEqualTo(
            new JsonObject()
                .put("name", "red")
                .put("description", "d")
                .put("color", "#ff0000")
                .put("fw_version", null)
                .put("device_count", 0));
    var _ = make("blue");
    assertThat(make("red").status()).isEqualTo(400);

    var list = region.call("GET", GROUPS).send().json().getJsonArray("groups");
    assertThat(list).hasSize(2);
    assertThat(list.getJsonObject(0).getString("name")).isEqualTo("blue");
    assertThat(region.call("GET", GROUPS + "?name=ED").send().json().getJsonArray("groups"))
        .hasSize(1);
    assertThat(
            region
                .call("GET", PRODUCT)
                .send()
                .json()
                .getJsonObject("product")
                .getJsonArray("groups"))
        .containsExactly("blue", "red");

    var renamed = region.call("PUT", GROUPS + "/red").json(new JsonObject().put("name", "dark"));
    assertThat(renamed.status()).isEqualTo(200);
    assertThat(group("dark").getString("name")).isEqualTo("dark");
    assertThat(region.call("DELETE", GROUPS + "/dark").send().status()).isEqualTo(204);
    for (String method : List.of("GET", "PUT", "DELETE")) {
      assertThat(region.call(method, GROUPS + "/dark").json(new JsonObject()).status())
          .isEqualTo(404);
    }
  }

  @Test
  void aDeviceIsInThoseThatWereSetAndLosesADeletedOne() {
    var _ = make("red");
    var _ = make("blue");
    var set = put(new JsonArray().add("red").add("blue"));
    assertThat(set.json().getJsonArray("groups")).containsExactly("blue", "red");
    assertThat(set.json().fieldNames()).containsExactly("id", "groups", "updated_at");
    assertThat(group("red").getInteger("device_count")).isOne();
    assertThat(put(new JsonArray().add("green")).status()).isEqualTo(400);
    assertThat(put("red").status()).isEqualTo(400);

    var _ = region.call("DELETE", GROUPS + "/red").send();
    var device = region.call("GET", PRODUCT + "/devices/kitchen").send().json();
    assertThat(device.getJsonArray("groups")).containsExactly("blue");
    var _ = put(new JsonArray());
    assertThat(group("blue").getInteger("device_count")).isZero();
  }

  @Test
  void manyDevicesAreRegroupedAtOnceAndFoundByGroup() {
    var _ = make("red");
    var _ = make("blue");
    var _ = put(new JsonArray().add("red"));
    var both = new JsonArray().add(region.online.toString()).add(region.offline.toString());
    var change =
        new JsonObject()
            .put("action", "groups")
            .put("devices", both)
            .put("metadata", new JsonObject().put("add", new JsonArray().add("blue")));
    assertThat(region.call("PUT", PRODUCT + "/devices").json(change).text())
        .isEqualTo("{\"ok\":true}");

    assertThat(total("groups=blue")).isEqualTo(2);
    assertThat(total("groups=red")).isOne();
    assertThat(total("groups=red,blue")).isEqualTo(2);
    assertThat(total("groups=red&deviceName=att")).isZero();
    assertThat(total("groups=unknown")).isZero();
    for (var wrong :
        List.of(
            change.copy().put("action", "delete"),
            change.copy().put("devices", new JsonArray()),
            change.copy().put("devices", new JsonArray().add("nonsense")),
            change.copy().put("metadata", new JsonObject()))) {
      assertThat(region.call("PUT", PRODUCT + "/devices").json(wrong).status()).isEqualTo(400);
    }
  }

  private int total(String query) {
    return region
        .call("GET", PRODUCT + "/devices?" + query)
        .send()
        .json()
        .getJsonObject("meta")
        .getInteger("total_records");
  }

  @Test
  void namesThatAreNoneAreRefused() {
    for (String name : List.of("", "With Space", "x".repeat(31), "a,b")) {
      assertThat(make(name).status()).as(name).isEqualTo(400);
    }
    assertThat(region.call("POST", GROUPS).json(new JsonObject()).status()).isEqualTo(400);
  }

  @Test
  void areNobodyElses() {
    var _ = make("red");
    for (String path :
        List.of(
            "GET " + GROUPS,
            "POST " + GROUPS,
            "GET " + GROUPS + "/red",
            "PUT " + GROUPS + "/red",
            "DELETE " + GROUPS + "/red",
            "PUT " + PRODUCT + "/devices")) {
      var parts = path.split(" ", 2);
      var reply =
          region
              .anonymous(parts[0], parts[1])
              .header("Authorization", "Bearer " + Region.OTHER_TOKEN)
              .json(new JsonObject());
      assertThat(reply.text()).isEqualTo("{\"ok\":false,\"error\":\"Product not found.\"}");
    }
  }

  @Test
  void areNotChangedWithoutTheDatabase() {
    region.services.databaseDown = true;
    assertThat(make("red").status()).isEqualTo(503);
    assertThat(put(new JsonArray()).status()).isEqualTo(503);
    assertThat(region.call("DELETE", GROUPS + "/red").send().status()).isEqualTo(503);
  }
}
