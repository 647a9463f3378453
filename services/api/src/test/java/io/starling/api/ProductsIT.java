package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.DeviceId;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ProductsIT {
  @RegisterExtension private final Region region = Region.start();

  @Test
  void showsProducts() {
    var list = region.call("GET", "/v1/products").send().json().getJsonArray("products");
    var bySlug = region.call("GET", "/v1/products/thermo").send().json().getJsonObject("product");

    assertThat(list).hasSize(1);
    assertThat(list.getJsonObject(0)).isEqualTo(bySlug);
    assertThat(bySlug.getInteger("id")).isEqualTo(Region.PRODUCT);
    assertThat(bySlug.fieldNames())
        .containsExactly(
            "id",
            "platform_id",
            "name",
            "slug",
            "description",
            "user",
            "settings",
            "groups",
            "subscription_id",
            "mb_limit",
            "device_protection");
    assertThat(region.call("GET", "/v1/user/products").send().json().getJsonArray("products"))
        .isEqualTo(list);
  }

  @Test
  void answersTheSameAboutForeignAndAboutAbsentProducts() {
    var absent = region.call("GET", "/v1/products/4711").send();
    var foreign =
        region
            .anonymous("GET", "/v1/products/77")
            .header("Authorization", "Bearer " + Region.OTHER_TOKEN)
            .send();

    assertThat(absent.status()).isEqualTo(404);
    assertThat(absent.text()).isEqualTo("{\"ok\":false,\"error\":\"Product not found.\"}");
    assertThat(foreign.text()).isEqualTo(absent.text());
  }

  @Test
  void makesAProduct() {
    var product =
        new JsonObject().put("name", "lamp").put("description", "d").put("platform_id", 6);

    var reply =
        region.call("POST", "/v1/user/products").json(new JsonObject().put("product", product));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().getBoolean("ok")).isTrue();
    int id = reply.json().getJsonObject("product").getInteger("id");
    assertThat(region.call("GET", "/v1/products/" + id).send().status()).isEqualTo(200);
    assertThat(region.call("POST", "/v1/user/products").json(new JsonObject()).status())
        .isEqualTo(400);
  }

  @Test
  void changesAProduct() {
    var location = new JsonObject().put("opt_in", true);
    var settings = new JsonObject().put("location", location).put("quarantine", true);
    var change = new JsonObject().put("name", "Lamp").put("settings", settings);
    var reply =
        region.call("PUT", "/v1/products/thermo").json(new JsonObject().put("product", change));

    assertThat(reply.status()).isEqualTo(200);
    var shown = region.call("GET", "/v1/products/77").send().json().getJsonObject("product");
    assertThat(reply.json().getJsonObject("product")).isEqualTo(shown);
    assertThat(shown.getString("name")).isEqualTo("Lamp");
    assertThat(shown.getString("description")).isEqualTo("what it is");
    assertThat(shown.getString("slug")).isEqualTo("thermo");
    assertThat(shown.getJsonObject("settings").getJsonObject("location")).isEqualTo(location);
    assertThat(shown.getJsonObject("settings").getBoolean("quarantine")).isTrue();
    for (var wrong :
        new JsonObject[] {
          new JsonObject().put("name", " "),
          new JsonObject().put("description", "x".repeat(1_025)),
          new JsonObject().put("settings", new JsonObject().put("location", "here"))
        }) {
      assertThat(region.call("PUT", "/v1/products/77").json(wrong).status()).isEqualTo(400);
    }
  }

  @Test
  void saysHowLongItsEventsAreKept() {
    for (Integer days : new Integer[] {30, 365, null}) {
      var settings = new JsonObject().put("event_retention_days", days);
      var change = new JsonObject().put("product", new JsonObject().put("settings", settings));

      assertThat(region.call("PUT", "/v1/products/77").json(change).status()).isEqualTo(200);
      var shown = region.call("GET", "/v1/products/77").send().json().getJsonObject("product");
      assertThat(shown.getJsonObject("settings").getInteger("event_retention_days"))
          .isEqualTo(days);
    }
    for (Object wrong : new Object[] {0, 2, 366, 30.5, "30", true, new JsonObject()}) {
      var settings = new JsonObject().put("event_retention_days", wrong);
      var reply =
          region.call("PUT", "/v1/products/77").json(new JsonObject().put("settings", settings));
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.json().getString("error")).contains("event_retention_days");
    }
  }

  @Test
  void deletesAProductWithoutDevicesAlone() {
    int id =
        region
            .call("POST", "/v1/user/products")
            .json(new JsonObject().put("name", "lamp"))
            .json()
            .getJsonObject("product")
            .getInteger("id");
    assertThat(region.call("DELETE", "/v1/products/" + id).send().status()).isEqualTo(204);
    assertThat(region.call("DELETE", "/v1/products/" + id).send().status()).isEqualTo(404);
    var full = region.call("DELETE", "/v1/products/77").send();
    assertThat(full.status()).isEqualTo(400);
    assertThat(full.json().getString("error")).contains("has devices");
  }

  @Test
  void makesDevicesInBulk() {
    var reply =
        region
            .call("POST", "/v1/products/77/devices/bulk")
            .json(new JsonObject().put("count", 1_000));

    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.json().getJsonArray("devices")).hasSize(1_000);
    var first = reply.json().getJsonArray("devices").getJsonObject(0);
    assertThat(first.fieldNames()).containsExactly("id", "secret");
    assertThat(region.call("GET", "/v1/devices/" + first.getString("id")).send().status())
        .isEqualTo(200);
  }

  @Test
  void makesDevicesWithWhatIsPrintedOnThem() {
    var fields = new JsonObject().put("count", 1).put("claim_secrets", true);
    var made = region.call("POST", "/v1/products/77/devices/bulk").json(fields).json();
    assertThat(made.getJsonArray("devices").getJsonObject(0).fieldNames())
        .containsExactly("id", "secret", "claim_secret");
  }

  @Test
  void makesNeitherNoneNorTooMany() {
    for (Object count : new Object[] {0, 1_001, -1, "many", 1.5}) {
      var reply =
          region
              .call("POST", "/v1/products/77/devices/bulk")
              .json(new JsonObject().put("count", count));
      assertThat(reply.status()).isEqualTo(400);
    }
  }

  @Test
  void listsDevicesInPages() {
    for (int i = 0; i < 28; i++) {
      region.rows.device(DeviceId.create(), region.person, Region.PRODUCT, "more-" + i);
    }
    Region.done(region.directory.reached(region.rows.end(), Duration.ofSeconds(30)));

    var first = region.call("GET", "/v1/products/77/devices?page=1").send().json();
    var last = region.call("GET", "/v1/products/77/devices?page=2&perPage=25").send().json();
    var beyond = region.call("GET", "/v1/products/77/devices?page=9&per_page=7").send().json();

    assertThat(first.getJsonArray("devices")).hasSize(25);
    assertThat(first.getJsonObject("meta"))
        .isEqualTo(
            new JsonObject()
                .put("total_pages", 2)
                .put("total_records", 30)
                .put("per_page", 25)
                .put("page", 1));
    assertThat(last.getJsonArray("devices")).hasSize(5);
    assertThat(beyond.getJsonArray("devices")).isEmpty();
    assertThat(first.getJsonArray("customers")).isEmpty();
  }

  @Test
  void filtersAndSortsDevices() {
    var byName =
        region
            .call("GET", "/v1/products/77/devices?sortAttr=deviceName&sortDir=desc")
            .send()
            .json()
            .getJsonArray("devices");
    var byConnection =
        region
            .call("GET", "/v1/products/77/devices?sortAttr=lastConnection&sortDir=desc")
            .send()
            .json()
            .getJsonArray("devices");
    var filtered = region.call("GET", "/v1/products/77/devices?deviceName=ATT").send().json();
    var byId =
        region.call("GET", "/v1/products/77/devices?deviceId=" + region.online).send().json();

    assertThat(byName.getJsonObject(0).getString("name")).isEqualTo("kitchen");
    assertThat(byConnection.getJsonObject(0).getString("name")).isEqualTo("kitchen");
    assertThat(filtered.getJsonObject("meta").getInteger("total_records")).isOne();
    assertThat(byId.getJsonArray("devices").getJsonObject(0).getString("name"))
        .isEqualTo("kitchen");
  }

  @Test
  void showsADeviceWithWhatTheProductKnows() {
    var device = region.call("GET", "/v1/products/77/devices/kitchen").send().json();

    assertThat(device.getInteger("firmware_version")).isEqualTo(7);
    assertThat(device.getJsonArray("groups")).isEmpty();
    assertThat(device.getBoolean("development")).isFalse();
    assertThat(device.getString("user_id")).isEqualTo(region.person.toString());
    assertThat(region.call("GET", "/v1/products/77/devices/" + region.foreign).send().status())
        .isEqualTo(403);
  }

  @Test
  void showsDevicesOfCustomersToTheOwnerOfTheProduct() {
    var theirs = DeviceId.create();
    region.rows.device(theirs, region.stranger, Region.PRODUCT, "sold");
    Region.done(region.directory.reached(region.rows.end(), Duration.ofSeconds(30)));

    assertThat(region.call("GET", "/v1/products/77/devices/sold").send().status()).isEqualTo(200);
    assertThat(
            region
                .call("GET", "/v1/products/77/devices")
                .send()
                .json()
                .getJsonArray("customers")
                .getJsonObject(0)
                .getString("username"))
        .isEqualTo("eve@example.com");
    assertThat(region.call("GET", "/v1/devices/" + theirs).send().status()).isEqualTo(403);
  }
}
