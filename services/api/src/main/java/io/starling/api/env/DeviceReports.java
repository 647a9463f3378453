package io.starling.api.env;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.EnvRequest;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryRequest.Events;
import io.starling.contract.Origin;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Timestamps;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What devices said last that they work with. */
final class DeviceReports {
  private static final Duration DEADLINE = Duration.ofSeconds(1);

  private final Bus bus;
  private final Directory directory;

  DeviceReports(Bus bus, Directory directory) {
    this.bus = bus;
    this.directory = directory;
  }

  /** The variables of a report, and when it came. */
  record Reported(Map<String, String> variables, long atMillis) {
    JsonObject json() {
      return new JsonObject()
          .put("rendered", EnvJson.object(variables))
          .put("last_reported_at", Timestamps.of(atMillis));
    }
  }

  /** The last report of a device; empty if there is none, or if it cannot be read for now. */
  Future<Optional<Reported>> last(Entry.Device device) {
    var product = directory.product(device.product());
    var account = product.map(Entry.Product::owner).or(() -> Optional.ofNullable(device.owner()));
    if (account.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    var question =
        new Events(
            account.get(),
            product.isPresent() ? device.product() : 0,
            device.id(),
            EnvRequest.REPORT,
            true,
            null,
            Origin.DEVICE,
            0,
            Long.MAX_VALUE,
            true,
            null,
            1);
    return bus.ask(question, DEADLINE)
        .map(
            reply ->
                reply instanceof HistoryReply.EventsFound(var events, _)
                    ? EventBatch.decode(events).stream()
                        .findFirst()
                        .flatMap(DeviceReports::reported)
                    : Optional.<Reported>empty())
        .otherwise(Optional.empty());
  }

  private static Optional<Reported> reported(Event event) {
    try {
      var variables = new TreeMap<String, String>();
      new JsonObject(event.data())
          .forEach(field -> variables.put(field.getKey(), String.valueOf(field.getValue())));
      return Optional.of(new Reported(variables, event.publishedAtMillis()));
    } catch (DecodeException | ClassCastException _) {
      return Optional.empty();
    }
  }
}
