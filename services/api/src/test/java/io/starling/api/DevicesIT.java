package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.bootstrap.cluster.SessionEntry;
import io.starling.contract.DeviceId;
import io.starling.contract.DevicesRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DevicesIT {
  private static final String DENIED =
      "{\"error\":\"Permission Denied\",\"info\":\"I didn't recognize that device name or ID,"
          + " try opening /v1/devices to see yours\"}";
  @RegisterExtension private final Region region = Region.start();

  @Test
  void listsTheNewestHandshakeFirst() {
    var list = region.call("GET", "/v1/devices").send().array();

    assertThat(list).hasSize(2);
    assertThat(list.getJsonObject(0).getString("id")).isEqualTo(region.online.toString());
    assertThat(list.getJsonObject(0).getBoolean("connected")).isTrue();
    assertThat(list.getJsonObject(0).getString("last_handshake_at"))
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    assertThat(list.getJsonObject(1).getString("id")).isEqualTo(region.offline.toString());
    assertThat(list.getJsonObject(1).getValue("last_heard")).isNull();
  }

  @Test
  void listsManyDevices() {
    for (int i = 0; i < 3_000; i++) {
      region.rows.device(DeviceId.create(), region.person, 0, "device-" + i);
    }
    Region.done(region.directory.reached(region.rows.end(), Duration.ofSeconds(30)));

    var list = region.call("GET", "/v1/devices").send().array();

    assertThat(list).hasSize(3_002);
    assertThat(list.getJsonObject(0).getString("name")).isEqualTo("kitchen");
    assertThat(list.stream().distinct()).hasSize(3_002);
  }

  @Test
  void listsNothingAsAnEmptyArray() {
    assertThat(
            region
                .anonymous("GET", "/v1/devices")
                .header("Authorization", "Bearer " + Region.IDLE_TOKEN)
                .send()
                .text())
        .isEqualTo("[]");
  }

  @Test
  void showsADeviceByIdAndByName() {
    var byId = region.call("GET", "/v1/devices/" + region.online).send();
    var byName = region.call("GET", "/v1/devices/kitchen/").send();

    assertThat(byId.text()).isEqualTo(byName.text());
    var device = byId.json();
    assertThat(device.getJsonArray("functions"))
        .isEqualTo(new JsonArray().add("led").add("silent").add("sick").add("busy"));
    assertThat(device.getJsonObject("variables"))
        .isEqualTo(new JsonObject().put("name", "string").put("temp", "double"));
    assertThat(device.getInteger("product_id")).isEqualTo(Region.PRODUCT);
    assertThat(device.getInteger("platform_id")).isEqualTo(32);
    assertThat(device.getString("last_ip_address")).isEqualTo("192.0.2.7");
    assertThat(device.getString("status")).isEqualTo("normal");
  }

  @Test
  void showsADeviceAsOnlineThatAGatewayHoldsThoughTheMapWasNotTold() {
    Region.done(
        region.sessions.put(
            region.offline.toString(), new SessionEntry("gone", 5, false, 1, "192.0.2.9")));
    region.gateway.hold(region.offline, 7);

    await()
        .untilAsserted(
            () ->
                assertThat(
                        region.call("GET", "/v1/devices/attic").send().json().getBoolean("online"))
                    .isTrue());
  }

  @Test
  void showsADeviceThatIsOfflineWithoutWhatOnlyItCouldTell() {
    var device = region.call("GET", "/v1/devices/attic").send().json();

    assertThat(device.getBoolean("online")).isFalse();
    assertThat(device.getJsonArray("functions")).isEmpty();
  }

  @Test
  void answersTheSameAboutForeignAndAboutAbsentDevices() {
    for (String device : new String[] {region.foreign.toString(), "theirs", "f".repeat(24)}) {
      for (var reply :
          new Call.Reply[] {
            region.call("GET", "/v1/devices/" + device).send(),
            region.call("GET", "/v1/devices/" + device + "/temp").send(),
            region.call("POST", "/v1/devices/" + device + "/led").json(new JsonObject()),
            region.call("PUT", "/v1/devices/" + device).json(new JsonObject().put("name", "x")),
            region.call("PUT", "/v1/devices/" + device + "/ping").send(),
            region.call("DELETE", "/v1/devices/" + device).send(),
            region.call("GET", "/v1/devices/" + device + "/events").send()
          }) {
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.text()).isEqualTo(DENIED);
      }
    }
  }

  @Test
  void showsAnOwnNameInTheProductsListAtOnce() {
    var renamed =
        region
            .call("PUT", "/v1/devices/" + region.online)
            .json(new JsonObject().put("name", "cellar"));

    assertThat(renamed.status()).isEqualTo(200);
    assertThat(renamed.json().fieldNames()).containsExactly("id", "name", "updated_at");
    assertThat(renamed.json().getString("name")).isEqualTo("cellar");
    assertThat(region.call("GET", "/v1/devices/cellar").send().status()).isEqualTo(200);
  }

  @Test
  void notesWhatTheOwnerNotes() {
    var noted =
        region
            .call("PUT", "/v1/devices/" + region.online)
            .json(new JsonObject().put("notes", "in the köln box"));

    assertThat(noted.json().fieldNames()).containsExactly("id", "notes", "updated_at");
    assertThat(region.call("GET", "/v1/devices/" + region.online).send().json().getString("notes"))
        .isEqualTo("in the köln box");
  }

  @Test
  void refusesAnEditOfNothing() {
    var reply = region.call("PUT", "/v1/devices/kitchen").json(new JsonObject());

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().getBoolean("ok")).isFalse();
  }

  @Test
  void signalsADeviceThatIsThere() {
    var on = region.call("PUT", "/v1/devices/kitchen").json(new JsonObject().put("signal", "1"));
    var off = region.call("PUT", "/v1/devices/kitchen").form("signal=0");
    var absent = region.call("PUT", "/v1/devices/attic").json(new JsonObject().put("signal", "1"));

    assertThat(on.text())
        .isEqualTo("{\"id\":\"" + region.online + "\",\"connected\":true,\"signaling\":true}");
    assertThat(off.json().getBoolean("signaling")).isFalse();
    assertThat(absent.status()).isEqualTo(500);
    assertThat(absent.json().getInteger("code")).isEqualTo(500);
    assertThat(absent.json().getBoolean("ok")).isFalse();
  }

  @Test
  void claimsADevice() {
    var claimed =
        region
            .call("POST", "/v1/devices")
            .json(
                new JsonObject()
                    .put("id", region.online.toString().toUpperCase(java.util.Locale.ROOT))
                    .put("request_transfer", false));

    assertThat(claimed.status()).isEqualTo(200);
    assertThat(claimed.text())
        .isEqualTo(
            "{\"ok\":true,\"user_id\":\""
                + region.person
                + "\",\"id\":\""
                + region.online
                + "\",\"connected\":true}");
  }

  @Test
  void refusesToClaimWhatIsNotFree() {
    var theirs = region.call("POST", "/v1/devices").form("id=" + region.foreign);
    var unknown = region.call("POST", "/v1/devices").form("id=" + "f".repeat(24));
    var nonsense = region.call("POST", "/v1/devices").form("id=nonsense");

    assertThat(theirs.status()).isEqualTo(403);
    assertThat(theirs.json().getJsonArray("errors").getString(0))
        .startsWith("That belongs to someone else.");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.text()).isEqualTo("{\"ok\":false,\"errors\":[\"device does not exist\"]}");
    assertThat(nonsense.text()).isEqualTo(unknown.text());
  }

  @Test
  void makesAClaimCode() {
    for (String path : new String[] {"/v1/device_claims", "/v1/products/77/device_claims"}) {
      var reply = region.call("POST", path).json(new JsonObject());
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.json().getString("claim_code")).matches("[A-Za-z0-9+/]{63}");
      assertThat(reply.json().getJsonArray("device_ids"))
          .containsExactly(region.online.toString(), region.offline.toString());
    }
    region.services.databaseDown = true;
    assertThat(region.call("POST", "/v1/device_claims").json(new JsonObject()).status())
        .isEqualTo(503);
  }

  @Test
  void makesANewDeviceOfAProduct() {
    var reply = region.call("POST", "/v1/devices").json(new JsonObject().put("product_id", 77));
    assertThat(reply.json().getBoolean("ok")).isTrue();
    String id = reply.json().getString("device_id");
    assertThat(region.call("GET", "/v1/products/77/devices/" + id).send().status()).isEqualTo(200);
  }

  @Test
  void keepsThePublicKeyOfADevice() throws Exception {
    var keys = java.security.KeyPairGenerator.getInstance("EC").generateKeyPair();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    var body =
        new JsonObject()
            .put("deviceID", region.online.toString())
            .put("publicKey", pem)
            .put("algorithm", "ecc");
    String path = "/v1/provisioning/" + region.online;

    var reply = region.call("POST", path).json(body);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEqualTo("\"Success!\"");
    assertThat(region.services.lastKey)
        .isEqualTo(
            new DevicesRequest.StorePublicKey(region.person, region.online, "ecc", pem.strip()));
    for (var wrong :
        new JsonObject[] {
          body.copy().put("algorithm", "rsa"),
          body.copy().put("algorithm", "none"),
          body.copy().put("publicKey", "nonsense")
        }) {
      assertThat(region.call("POST", path).json(wrong).status()).isEqualTo(400);
    }
    assertThat(region.call("POST", "/v1/provisioning/" + region.foreign).json(body).status())
        .isEqualTo(403);
  }

  @Test
  void givesADeviceUp() {
    var reply = region.call("DELETE", "/v1/devices/kitchen").send();

    assertThat(reply.text()).isEqualTo("{\"ok\":true}");
    assertThat(region.call("GET", "/v1/devices/" + region.online).send().status()).isEqualTo(403);
  }
}
