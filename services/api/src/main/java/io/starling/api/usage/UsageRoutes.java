package io.starling.api.usage;

import io.starling.api.access.Access;
import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.HistoryReply.Used;
import io.starling.contract.HistoryRequest;
import io.starling.contract.Scope;
import io.starling.contract.UsageKind;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was used: by oneself, in a product, by a device. */
public final class UsageRoutes {
  private static final List<Series> ALL =
      List.of(
          new Series("events", Used::events),
          new Series("bytes", Used::bytes),
          Series.of(
              "calls",
              UsageKind.FUNCTION_SUCCESS,
              UsageKind.FUNCTION_FAILURE,
              UsageKind.FUNCTION_OFFLINE,
              UsageKind.VARIABLE_SUCCESS,
              UsageKind.VARIABLE_FAILURE,
              UsageKind.VARIABLE_OFFLINE),
          Series.of("deliveries", UsageKind.DELIVERY_SUCCESS, UsageKind.DELIVERY_FAILURE),
          Series.of("delivery_attempts", UsageKind.DELIVERY_ATTEMPT),
          Series.of("connections", UsageKind.CONNECTION),
          new Series("online_minutes", used -> used.count(UsageKind.ONLINE_SECONDS) / 60));

  private final Access access;
  private final UsageClient usage;
  private final InstantSource clock;

  /** Routes that read what the relays count. */
  public UsageRoutes(Access access, UsageClient usage, InstantSource clock) {
    this.access = access;
    this.usage = usage;
    this.clock = clock;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(
        HttpMethod.GET,
        "/v1/user/usage",
        Scope.USAGE_GET,
        exchange -> answer(exchange, exchange.principal().account(), 0, null));
    endpoints.guarded(
        HttpMethod.GET,
        "/v1/products/:product/usage",
        Scope.USAGE_GET,
        exchange ->
            access
                .product(exchange)
                .then(product -> answer(exchange, product.owner(), product.id(), null)));
    endpoints.guarded(
        HttpMethod.GET,
        "/v1/products/:product/devices/:device/usage",
        Scope.USAGE_GET,
        exchange ->
            access
                .product(exchange)
                .then(
                    product ->
                        access
                            .device(exchange)
                            .then(
                                device ->
                                    answer(exchange, product.owner(), product.id(), device.id()))));
    endpoints.guarded(
        HttpMethod.GET,
        "/v1/devices/:device/usage",
        Scope.USAGE_GET,
        exchange ->
            access
                .device(exchange)
                .then(device -> answer(exchange, exchange.principal().account(), 0, device.id())));
  }

  private Future<Answer> answer(
      Exchange exchange, AccountId account, int product, @Nullable DeviceId device) {
    Period period;
    try {
      period = Period.of(exchange, clock);
    } catch (IllegalArgumentException e) {
      return Future.succeededFuture(Errors.badRequest(String.valueOf(e.getMessage())));
    }
    var request =
        new HistoryRequest.Usage(
            account,
            product,
            device,
            null,
            period.startMillis(),
            period.endMillis(),
            period.byDay());
    return usage.answer(
        exchange, request, (used, csv) -> csv ? Series.csv(used, ALL) : json(period, used));
  }

  private static Answer.Whole json(Period period, List<Used> used) {
    var json = new JsonObject().put("by", period.by());
    for (var series : ALL) {
      json.put(series.name(), used.stream().mapToLong(series.count()).sum());
    }
    var buckets = new JsonArray();
    used.forEach(one -> buckets.add(Series.json(one, ALL, true)));
    return Answer.json(json.put("usage", buckets));
  }
}
