package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.DeviceId;
import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryRequest;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is set about a device, by its owner and by its product. */
class DeviceSettingsIT {
  private static final String OWN = "/v1/devices/kitchen";
  private static final String IN_PRODUCT = "/v1/products/77/devices/kitchen";

  @RegisterExtension private final Region region = Region.start();

  private Call.Reply put(String path, String field, @Nullable Object value) {
    return region.call("PUT", path).json(new JsonObject().put(field, value));
  }

  private JsonObject device() {
    return region.call("GET", IN_PRODUCT).send().json();
  }

  @Test
  void aProductLocksUnlocksAndMarksADevice() {
    var locked =
        region
            .call("PUT", IN_PRODUCT)
            .json(new JsonObject().put("desired_firmware_version", 5).put("flash", true));
    assertThat(locked.json().fieldNames())
        .containsExactly("id", "desired_firmware_version", "updated_at");
    assertThat(device().getInteger("desired_firmware_version")).isEqualTo(5);
    assertThat(put(IN_PRODUCT, "desired_firmware_version", null).status()).isEqualTo(200);
    assertThat(device().getValue("desired_firmware_version")).isNull();
    assertThat(put(IN_PRODUCT, "development", true).json().getBoolean("development")).isTrue();
    assertThat(device().getBoolean("development")).isTrue();
    assertThat(put(OWN, "development", false).status()).isEqualTo(400);
  }

  @Test
  void anOwnerSaysWhetherFirmwareIsUpdated() {
    assertThat(put(OWN, "firmware_updates_enabled", false).json().fieldNames())
        .containsExactly("id", "firmware_updates_enabled", "updated_at");
    assertThat(put(OWN, "firmware_updates_forced", true).status()).isEqualTo(200);
    assertThat(device().getBoolean("firmware_updates_enabled")).isFalse();
    assertThat(device().getBoolean("firmware_updates_forced")).isTrue();
  }

  @Test
  void whatCannotBeSetIsRefused() {
    assertThat(put(OWN, "name", "x".repeat(65)).status()).isEqualTo(400);
    assertThat(put(OWN, "name", "a\nb").status()).isEqualTo(400);
    assertThat(put(OWN, "notes", "x".repeat(5_000)).status()).isEqualTo(400);
    assertThat(put(OWN, "firmware_updates_enabled", "maybe").status()).isEqualTo(400);
    assertThat(put(IN_PRODUCT, "desired_firmware_version", 65_536).status()).isEqualTo(400);
    assertThat(put(IN_PRODUCT, "desired_firmware_version", "x").status()).isEqualTo(400);
    assertThat(put(OWN, "name", "x".repeat(64)).status()).isEqualTo(200);
  }

  @Test
  void anEmptyNameIsNone() {
    var reply = region.call("PUT", "/v1/devices/" + region.online).form("name=");
    assertThat(reply.json().containsKey("name")).isTrue();
    assertThat(reply.json().getValue("name")).isNull();
    assertThat(region.call("GET", "/v1/devices/" + region.online).send().json().getValue("name"))
        .isNull();
  }

  @Test
  void aDeviceIsFoundByItsSerialNumberByThoseAloneWhoMaySeeIt() {
    assertThat(put(IN_PRODUCT, "serial_number", "SN-42").status()).isEqualTo(200);
    assertThat(device().getString("serial_number")).isEqualTo("SN-42");
    var found = region.call("GET", "/v1/serial_numbers/SN-42").send();
    assertThat(found.json().getString("device_id")).isEqualTo(region.online.toString());
    assertThat(found.json().getInteger("platform_id")).isEqualTo(32);
    var stranger =
        region
            .anonymous("GET", "/v1/serial_numbers/SN-42")
            .header("Authorization", "Bearer " + Region.OTHER_TOKEN)
            .send();
    assertThat(stranger.status()).isEqualTo(404);
    assertThat(region.call("GET", "/v1/serial_numbers/SN").send().text())
        .isEqualTo(stranger.text());
    var page = region.call("GET", "/v1/products/77/devices?serialNumber=sn-4").send().json();
    assertThat(page.getJsonObject("meta").getInteger("total_records")).isOne();
  }

  @Test
  void theProductsOwnerSetsWhatIsAboutADeviceOfACustomer() {
    var sold = DeviceId.create();
    region.rows.device(sold, region.stranger, Region.PRODUCT, "sold");
    Region.done(region.directory.reached(region.rows.end(), Duration.ofSeconds(30)));

    assertThat(put("/v1/products/77/devices/sold", "notes", "n").status()).isEqualTo(200);
    var shown = region.call("GET", "/v1/products/77/devices/sold").send().json();
    assertThat(shown.getString("notes")).isEqualTo("n");
    assertThat(shown.getString("customer_id")).isEqualTo(region.stranger.toString());
    assertThat(put("/v1/devices/" + sold, "notes", "n").status()).isEqualTo(403);
  }

  @Test
  void aDeviceWithoutASessionWasLastSeenWhenTheHistorySays() {
    serveHistory(region.bus);
    var attic = region.call("GET", "/v1/devices/attic").send().json();
    assertThat(attic.getString("last_heard")).isEqualTo("2026-01-02T03:04:05.678Z");
    assertThat(attic.getString("last_handshake_at")).isEqualTo("2026-01-02T03:03:05.678Z");
    assertThat(attic.getString("last_ip_address")).isEqualTo("192.0.2.99");
    assertThat(attic.getBoolean("online")).isFalse();
  }

  private static void serveHistory(Bus bus) {
    var details = Map.of("address", "192.0.2.99", "seconds", "60");
    var last = new HistoryReply.Connection(1_767_323_045_678L, "offline", details);
    Region.done(
        bus.serve(
            "history",
            HistoryRequest.class,
            _ -> Future.succeededFuture(new HistoryReply.ConnectionsFound(List.of(last), null))));
  }
}
