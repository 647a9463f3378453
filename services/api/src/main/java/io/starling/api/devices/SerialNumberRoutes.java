package io.starling.api.devices;

import io.starling.contract.Scope;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds a device by its serial number, among the caller's and those of his products: about others'
 * nothing is told.
 */
public final class SerialNumberRoutes {
  private final Directory directory;

  /** Over this directory. */
  public SerialNumberRoutes(Directory directory) {
    this.directory = directory;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(HttpMethod.GET, "/v1/serial_numbers/:serial", Scope.DEVICES_GET, this::find);
  }

  private Future<Answer.Whole> find(Exchange exchange) {
    return Future.succeededFuture(
        device(exchange)
            .map(SerialNumberRoutes::answer)
            .orElseGet(() -> Errors.error(404, "Serial number not found")));
  }

  private Optional<Entry.Device> device(Exchange exchange) {
    var account = exchange.principal().account();
    String serialNumber = exchange.path("serial");
    return Stream.concat(
            Stream.of(directory.fleetOf(account)),
            directory.productsOf(account).stream().map(product -> directory.fleetIn(product.id())))
        .flatMap(fleet -> fleet.withSerial(serialNumber).stream())
        .findFirst();
  }

  private static Answer.Whole answer(Entry.Device device) {
    return Answer.json(
        new JsonObject()
            .put("ok", true)
            .put("device_id", device.id().toString())
            .put("deviceID", device.id().toString())
            .put("iccid", null)
            .put("platform_id", device.platform()));
  }
}
