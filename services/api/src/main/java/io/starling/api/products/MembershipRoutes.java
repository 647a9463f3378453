package io.starling.api.products;

import io.starling.api.access.Access;
import io.starling.api.region.ConfigurationClient;
import io.starling.contract.AccountsReply;
import io.starling.contract.DeviceId;
import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesReply.AddDevicesReply;
import io.starling.contract.DevicesRequest;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Which devices are in a product: added or approved, taken out or denied. */
public final class MembershipRoutes {
  private static final int MAX_AT_ONCE = 1_000;

  private final Access access;
  private final ConfigurationClient configuration;

  /** Routes that write through the accounts service. */
  public MembershipRoutes(Access access, ConfigurationClient configuration) {
    this.access = access;
    this.configuration = configuration;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(HttpMethod.POST, "/v1/products/:product/devices", this::add);
    endpoints.guarded(HttpMethod.DELETE, "/v1/products/:product/devices/:device", this::remove);
  }

  private Future<Answer> add(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product -> {
              var asked = asked(exchange.fields().all());
              if (asked.isEmpty() || asked.size() > MAX_AT_ONCE) {
                return Future.succeededFuture(
                    Errors.badRequest("id or ids is needed, at most " + MAX_AT_ONCE));
              }
              var valid =
                  asked.stream().filter(DeviceId::isValid).map(DeviceId::of).distinct().toList();
              var invalid = asked.stream().filter(id -> !DeviceId.isValid(id)).distinct().toList();
              return configuration
                  .write(new DevicesRequest.AddDevices(product.owner(), product.id(), valid))
                  .compose(reply -> added(reply, invalid));
            });
  }

  /** {@code id}, or all of {@code ids}. */
  private static List<String> asked(JsonObject fields) {
    var asked = new ArrayList<String>();
    if (fields.getValue("ids") instanceof JsonArray ids) {
      ids.forEach(id -> asked.add(text(id)));
    }
    if (fields.getValue("id") instanceof String id) {
      asked.add(text(id));
    }
    return asked;
  }

  private static String text(Object id) {
    return String.valueOf(id).strip().toLowerCase(Locale.ROOT);
  }

  private Future<Answer.Whole> added(AddDevicesReply reply, List<String> invalid) {
    return switch (reply) {
      case DevicesReply.DevicesAdded(var added, var existing, var strange, var position) ->
          configuration.seen(
              position,
              () ->
                  Answer.json(
                      new JsonObject()
                          .put("updated", added.size())
                          .put("updatedDeviceIds", ids(added))
                          .put("existingDeviceIds", ids(existing))
                          .put("nonmemberDeviceIds", ids(strange))
                          .put("invalidDeviceIds", new JsonArray(invalid))));
      case AccountsReply.NotFound _ ->
          Future.succeededFuture(Errors.error(404, "Product not found."));
      case AccountsReply.DatabaseDown(int seconds) ->
          Future.succeededFuture(ConfigurationClient.unavailable(seconds));
    };
  }

  private static JsonArray ids(List<DeviceId> devices) {
    return new JsonArray(devices.stream().map(DeviceId::toString).toList());
  }

  private Future<Answer> remove(Exchange exchange) {
    boolean deny = exchange.fieldOrQuery("deny").filter("true"::equals).isPresent();
    return access
        .device(exchange)
        .then(
            device ->
                deny && !device.quarantined()
                    ? Future.succeededFuture(
                        Errors.badRequest("Only a device in quarantine can be denied"))
                    : remove(exchange, device, deny));
  }

  private Future<Answer.Whole> remove(Exchange exchange, Entry.Device device, boolean deny) {
    var account = exchange.principal().account();
    return configuration.write(
        new DevicesRequest.RemoveDevice(account, device.product(), device.id(), deny),
        () -> Answer.empty(204),
        Errors.error(404, "Device not found."));
  }
}
