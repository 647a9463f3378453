package io.starling.api.devices;

import io.starling.api.access.Access;
import io.starling.api.access.NotYours;
import io.starling.api.region.ConfigurationClient;
import io.starling.api.region.GatewayClient;
import io.starling.contract.AccountsReply;
import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesRequest;
import io.starling.contract.GatewayReply;
import io.starling.contract.GatewayRequest;
import io.starling.contract.Scope;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.starling.http.Timestamps;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;

/** Naming, noting, setting, signalling and giving up devices. */
public final class DeviceEditRoutes {
  private static final Duration SIGNAL_LIMIT = Duration.ofSeconds(2);

  private final Access access;
  private final Directory directory;
  private final ConfigurationClient configuration;
  private final GatewayClient gateways;
  private final InstantSource clock;

  /** Routes that write through the accounts service and ask gateways. */
  public DeviceEditRoutes(
      Access access,
      Directory directory,
      ConfigurationClient configuration,
      GatewayClient gateways,
      InstantSource clock) {
    this.access = access;
    this.directory = directory;
    this.configuration = configuration;
    this.gateways = gateways;
    this.clock = clock;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(HttpMethod.PUT, "/v1/devices/:device", Scope.DEVICES_UPDATE, this::edit);
    endpoints.guarded(
        HttpMethod.PUT, "/v1/products/:product/devices/:device", Scope.DEVICES_UPDATE, this::edit);
    endpoints.guarded(
        HttpMethod.DELETE, "/v1/devices/:device", Scope.DEVICES_RELEASE, this::release);
  }

  private Future<Answer> edit(Exchange exchange) {
    return access
        .device(exchange)
        .then(
            device -> {
              var signal = exchange.fields().text("signal");
              return signal.isPresent()
                  ? signal(device, !signal.get().equals("0") && !signal.get().equals("false"))
                  : change(exchange, device);
            });
  }

  private Future<Answer.Whole> change(Exchange exchange, Entry.Device device) {
    boolean inProduct = exchange.hasPath("product");
    EditFields edit;
    try {
      edit =
          access.customer(exchange).isPresent()
              ? EditFields.ofCustomer(exchange.fields())
              : EditFields.read(exchange.fields(), inProduct);
    } catch (IllegalArgumentException e) {
      return Future.succeededFuture(Errors.badRequest(String.valueOf(e.getMessage())));
    }
    // In a product it is the product's owner whose right counts, whoever owns the device.
    var account =
        directory
            .product(device.product())
            .filter(product -> inProduct)
            .map(Entry.Product::owner)
            .orElseGet(() -> access.account(exchange));
    int product = inProduct ? device.product() : 0;
    return configuration
        .by(exchange)
        .write(new DevicesRequest.EditDevice(account, product, device.id(), edit.change()))
        .compose(
            reply ->
                switch (reply) {
                  case DevicesReply.Edited(var position) ->
                      configuration.seen(position, () -> edited(device, edit));
                  case DevicesReply.EditRefused(var reason) ->
                      Future.succeededFuture(EditFields.refused(reason));
                  case AccountsReply.NotFound _ -> Future.succeededFuture(NotYours.device());
                  case AccountsReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(ConfigurationClient.unavailable(seconds));
                });
  }

  private Answer.Whole edited(Entry.Device device, EditFields edit) {
    return Answer.json(
        new JsonObject()
            .put("id", device.id().toString())
            .mergeIn(edit.shown())
            .put("updated_at", Timestamps.of(clock.instant())));
  }

  private Future<Answer.Whole> signal(Entry.Device device, boolean on) {
    return gateways
        .<GatewayReply.SignalReply, GatewayRequest.Signal>ask(
            device.id(),
            SIGNAL_LIMIT,
            (gateway, epoch) -> new GatewayRequest.Signal(gateway, device.id(), epoch, on))
        .map(
            reply ->
                reply.filter(GatewayReply.Signaled.class::isInstance).isPresent()
                    ? Answer.json(
                        new JsonObject()
                            .put("id", device.id().toString())
                            .put("connected", true)
                            .put("signaling", on))
                    : Answer.json(
                        500,
                        new JsonObject()
                            .put("ok", false)
                            .put("code", 500)
                            .put("errors", new JsonArray().add("Device is not connected"))));
  }

  private Future<Answer> release(Exchange exchange) {
    return access
        .device(exchange)
        .then(
            device ->
                configuration
                    .by(exchange)
                    .write(
                        new DevicesRequest.ReleaseDevice(
                            exchange.principal().account(), device.id()),
                        Answer::ok,
                        NotYours.device()));
  }
}
