package io.starling.api.usage;

import io.starling.api.access.Access;
import io.starling.contract.DeviceId;
import io.starling.contract.HistoryReply.Used;
import io.starling.contract.HistoryRequest;
import io.starling.contract.Scope;
import io.starling.contract.UsageKind;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the devices of a product did, by hour or day: all of them, those of groups, or one. */
public final class MetricsRoutes {
  private static final int MAX_GROUPS = 100;

  private final Access access;
  private final Directory directory;
  private final UsageClient usage;
  private final InstantSource clock;

  /** Routes that read what the services count. */
  public MetricsRoutes(Access access, Directory directory, UsageClient usage, InstantSource clock) {
    this.access = access;
    this.directory = directory;
    this.usage = usage;
    this.clock = clock;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    add(endpoints, "online", List.of(Series.of("online", UsageKind.ONLINE_DEVICES)));
    add(endpoints, "events", List.of(new Series("events", Used::events)));
    add(
        endpoints,
        "integration",
        List.of(
            Series.of("success", UsageKind.DELIVERY_SUCCESS),
            Series.of("failure", UsageKind.DELIVERY_FAILURE),
            Series.of("sleep", UsageKind.DELIVERY_SLEEP)));
    add(
        endpoints,
        "functions",
        List.of(
            Series.of("success", UsageKind.FUNCTION_SUCCESS),
            Series.of("failure", UsageKind.FUNCTION_FAILURE),
            Series.of("offline", UsageKind.FUNCTION_OFFLINE)));
    add(
        endpoints,
        "variables",
        List.of(
            Series.of("success", UsageKind.VARIABLE_SUCCESS),
            Series.of("failure", UsageKind.VARIABLE_FAILURE),
            Series.of("offline", UsageKind.VARIABLE_OFFLINE)));
  }

  private void add(Endpoints endpoints, String name, List<Series> all) {
    endpoints.guarded(
        HttpMethod.GET,
        "/v1/products/:product/metrics/" + name,
        Scope.USAGE_GET,
        exchange -> access.product(exchange).then(product -> answer(exchange, product, all)));
  }

  private Future<Answer> answer(Exchange exchange, Entry.Product product, List<Series> all) {
    Period period;
    Set<DeviceId> among;
    try {
      period = Period.of(exchange, clock);
      among = among(exchange, product.id());
    } catch (IllegalArgumentException e) {
      return Future.succeededFuture(Errors.badRequest(String.valueOf(e.getMessage())));
    }
    if (among != null && among.isEmpty()) {
      return Future.succeededFuture(
          UsageClient.shown(exchange, List.of(), (used, csv) -> shown(period, used, csv, all)));
    }
    var request =
        new HistoryRequest.Usage(
            product.owner(),
            product.id(),
            null,
            among == null ? null : List.copyOf(among),
            period.startMillis(),
            period.endMillis(),
            period.byDay());
    return usage.answer(exchange, request, (used, csv) -> shown(period, used, csv, all));
  }

  private static Answer.Whole shown(Period period, List<Used> used, boolean csv, List<Series> all) {
    var some =
        used.stream()
            .filter(one -> all.stream().anyMatch(series -> series.count().applyAsLong(one) != 0))
            .toList();
    if (csv) {
      return Series.csv(some, all);
    }
    var buckets = new JsonArray();
    some.forEach(one -> buckets.add(Series.json(one, all, false)));
    return Answer.json(new JsonObject().put("by", period.by()).put("metrics", buckets));
  }

  /** The devices that are asked for; null for all. */
  private @Nullable Set<DeviceId> among(Exchange exchange, int product) {
    for (String unknown : List.of("firmware_version", "device_os_version")) {
      if (exchange.query(unknown).isPresent()) {
        throw new IllegalArgumentException(
            "Metrics are told by group or device, not by " + unknown);
      }
    }
    var device = exchange.query("device");
    var groups = exchange.query("groups");
    if (device.isPresent()) {
      var found = new LinkedHashSet<DeviceId>();
      directory.deviceIn(product, device.get()).ifPresent(one -> found.add(one.id()));
      return found;
    }
    return groups.isPresent() ? inGroups(groups.get(), product) : null;
  }

  private Set<DeviceId> inGroups(String names, int product) {
    var found = new LinkedHashSet<DeviceId>();
    var fleet = directory.fleetIn(product);
    Arrays.stream(names.split(",", MAX_GROUPS))
        .map(String::strip)
        .flatMap(name -> directory.group(product, name).stream())
        .forEach(
            group -> {
              for (var device : fleet.inGroup(group.id())) {
                found.add(device.id());
                if (found.size() > HistoryRequest.Usage.MAX_DEVICES) {
                  throw new IllegalArgumentException(
                      "These groups have more than "
                          + HistoryRequest.Usage.MAX_DEVICES
                          + " devices: ask for smaller ones, or for the whole product");
                }
              }
            });
    return found;
  }
}
