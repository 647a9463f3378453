package io.starling.api.devices;

import io.starling.bootstrap.cluster.SessionEntry;
import io.starling.contract.AccountId;
import io.starling.contract.GatewayReply;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Timestamps;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A device as the API shows it. */
public final class DeviceJson {
  private final Directory directory;

  /** Owners are named from this directory. */
  public DeviceJson(Directory directory) {
    this.directory = directory;
  }

  /** As lists have it, without what only the device itself can tell. */
  public JsonObject brief(Entry.Device device, Optional<SessionEntry> session) {
    return brief(device, session.map(LastSeen::of).orElse(LastSeen.NEVER));
  }

  private JsonObject brief(Entry.Device device, LastSeen seen) {
    return new JsonObject()
        .put("id", device.id().toString())
        .put("name", text(device.name()))
        .put("owner", email(device.customer() == null ? device.owner() : device.customer()))
        .put("last_ip_address", text(seen.address()))
        .put("last_heard", time(seen.heardMillis()))
        .put("last_handshake_at", time(seen.connectedMillis()))
        .put("product_id", productOf(device))
        .put("online", seen.online())
        .put("connected", seen.online())
        .put("platform_id", device.platform())
        .put("cellular", false)
        .put("notes", text(device.notes()))
        .put("status", "normal")
        .put("serial_number", device.settings().serialNumber())
        .put("iccid", null)
        .put("last_iccid", null)
        .put("imei", null)
        .put("mac_wifi", null)
        .put("mobile_secret", null)
        .put("last_app", null)
        .put("system_firmware_version", null)
        .put("current_build_target", null)
        .put("default_build_target", null)
        .put("pinned_build_target", null)
        .put("firmware_updates_enabled", device.settings().firmwareUpdatesEnabled())
        .put("firmware_updates_forced", device.settings().firmwareUpdatesForced());
  }

  /** With its functions and variables. */
  JsonObject full(
      Entry.Device device, LastSeen seen, Optional<GatewayReply.Description> description) {
    var said = description.orElse(GatewayReply.Description.NONE);
    var variables = new JsonObject();
    said.variables().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(variable -> variables.put(variable.getKey(), variable.getValue()));
    return brief(device, seen)
        .put("functions", new JsonArray(said.functions()))
        .put("variables", variables);
  }

  /** Adds what a product knows of its devices. */
  public JsonObject inProduct(
      JsonObject json, Entry.Device device, Optional<GatewayReply.Description> description) {
    var said = description.orElse(GatewayReply.Description.NONE);
    var settings = device.settings();
    var owner = device.owner();
    var customer = buyer(device);
    return json.put(
            "firmware_product_id", said.product() == null ? device.product() : said.product())
        .put("groups", new JsonArray(directory.groupsOf(device)))
        .put("firmware_version", said.firmwareVersion())
        .put("desired_firmware_version", settings.desiredFirmwareVersion())
        .put("targeted_firmware_release_version", null)
        .put("development", settings.development())
        .put("quarantined", device.quarantined())
        .put("denied", device.denied())
        .put("user_id", owner == null ? null : owner.toString())
        .put("customer_id", customer.map(AccountId::toString).orElse(null));
  }

  /** Who has a device of a product without owning the product: its customer, or its new owner. */
  public Optional<AccountId> buyer(Entry.Device device) {
    return Optional.ofNullable(device.customer())
        .or(
            () ->
                Optional.ofNullable(device.owner())
                    .filter(
                        owner ->
                            directory
                                .product(device.product())
                                .filter(product -> !product.owner().equals(owner))
                                .isPresent()));
  }

  /** As answers of variables have it. */
  static JsonObject coreInfo(Entry.Device device, Optional<SessionEntry> session) {
    return new JsonObject()
        .put("name", device.name())
        .put("deviceID", device.id().toString())
        .put("connected", session.map(SessionEntry::online).orElse(false))
        .put("last_heard", time(session.map(SessionEntry::lastHeardMillis).orElse(0L)))
        .put("last_handshake_at", time(session.map(SessionEntry::connectedAtMillis).orElse(0L)))
        .put("last_app", "")
        .put("product_id", productOf(device));
  }

  /** Clients take a device's platform for its product if it is in none. */
  private static int productOf(Entry.Device device) {
    return device.product() == 0 ? device.platform() : device.product();
  }

  private @Nullable String email(@Nullable AccountId owner) {
    return owner == null ? null : directory.account(owner).map(Entry.Account::email).orElse(null);
  }

  private static @Nullable String time(long millis) {
    return millis > 0 ? Timestamps.of(millis) : null;
  }

  private static @Nullable String text(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }
}
