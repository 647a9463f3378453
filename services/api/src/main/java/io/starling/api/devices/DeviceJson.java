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
    boolean online = session.map(SessionEntry::online).orElse(false);
    return new JsonObject()
        .put("id", device.id().toString())
        .put("name", device.name())
        .put("owner", email(device.owner()))
        .put("last_ip_address", session.map(SessionEntry::address).orElse(null))
        .put("last_heard", time(session.map(SessionEntry::lastHeardMillis)))
        .put("last_handshake_at", time(session.map(SessionEntry::connectedAtMillis)))
        .put("product_id", productOf(device))
        .put("online", online)
        .put("connected", online)
        .put("platform_id", device.platform())
        .put("cellular", false)
        .put("notes", device.notes())
        .put("status", "normal")
        .put("serial_number", null)
        .put("system_firmware_version", null)
        .put("firmware_updates_enabled", true)
        .put("firmware_updates_forced", false);
  }

  /** With its functions and variables. */
  public JsonObject full(
      Entry.Device device,
      Optional<SessionEntry> session,
      Optional<GatewayReply.Description> description) {
    var said = description.orElse(GatewayReply.Description.NONE);
    var variables = new JsonObject();
    said.variables().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(variable -> variables.put(variable.getKey(), variable.getValue()));
    return brief(device, session)
        .put("functions", new JsonArray(said.functions()))
        .put("variables", variables);
  }

  /** Adds what a product knows of its devices. */
  public JsonObject inProduct(
      JsonObject json, Entry.Device device, Optional<GatewayReply.Description> description) {
    var said = description.orElse(GatewayReply.Description.NONE);
    return json.put(
            "firmware_product_id", said.product() == null ? device.product() : said.product())
        .put("groups", new JsonArray())
        .put("firmware_version", said.firmwareVersion())
        .put("desired_firmware_version", null)
        .put("targeted_firmware_release_version", null)
        .put("development", false)
        .put("quarantined", device.quarantined())
        .put("denied", device.denied())
        .put("user_id", device.owner() == null ? null : device.owner().toString())
        .put("customer_id", null);
  }

  /** As answers of variables have it. */
  static JsonObject coreInfo(Entry.Device device, Optional<SessionEntry> session) {
    return new JsonObject()
        .put("name", device.name())
        .put("deviceID", device.id().toString())
        .put("connected", session.map(SessionEntry::online).orElse(false))
        .put("last_heard", time(session.map(SessionEntry::lastHeardMillis)))
        .put("last_handshake_at", time(session.map(SessionEntry::connectedAtMillis)))
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

  private static @Nullable String time(Optional<Long> millis) {
    return millis.filter(at -> at > 0).map(Timestamps::of).orElse(null);
  }
}
