package io.starling.api.usage;

import io.starling.api.access.Access;
import io.starling.api.history.Csv;
import io.starling.api.history.TimeText;
import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryReply.Used;
import io.starling.contract.HistoryRequest;
import io.starling.contract.Scope;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.starling.http.Timestamps;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was used: by oneself, in a product, by a device. */
public final class UsageRoutes {
  private static final Duration DEADLINE = Duration.ofSeconds(2);
  private static final int RETRY_SECONDS = 2;
  private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();
  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();
  private static final long HOURS_MILLIS = Duration.ofDays(1).toMillis();
  private static final long DAYS_MILLIS = Duration.ofDays(30).toMillis();

  private final Access access;
  private final Bus bus;
  private final InstantSource clock;

  /** Routes that read what the relays count. */
  public UsageRoutes(Access access, Bus bus, InstantSource clock) {
    this.access = access;
    this.bus = bus;
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
    HistoryRequest.Usage request;
    try {
      request = read(exchange, account, product, device);
    } catch (IllegalArgumentException e) {
      return Future.succeededFuture(Errors.badRequest(String.valueOf(e.getMessage())));
    }
    String accept = exchange.request().getHeader("Accept");
    boolean csv = accept != null && accept.contains("text/csv");
    return bus.ask(request, DEADLINE)
        .otherwise(_ -> new HistoryReply.DatabaseDown(RETRY_SECONDS))
        .map(
            reply ->
                switch (reply) {
                  case HistoryReply.UsageFound(var used) ->
                      (csv ? csv(used) : json(request, used)).with("Vary", "Accept");
                  case HistoryReply.DatabaseDown(int seconds) ->
                      Errors.unavailable("Usage cannot be read for now, try again", seconds);
                });
  }

  /** A day of hours, or thirty days, unless the query says otherwise. */
  private HistoryRequest.Usage read(
      Exchange exchange, AccountId account, int product, @Nullable DeviceId device) {
    String by = exchange.query("by").orElse("hour");
    if (!by.equals("hour") && !by.equals("day")) {
      throw new IllegalArgumentException("by must be hour or day");
    }
    boolean byDay = by.equals("day");
    long end = TimeText.query(exchange, "end").orElse(clock.millis() + 1);
    long start =
        TimeText.query(exchange, "start")
            .orElse(Math.max(0, end - (byDay ? DAYS_MILLIS : HOURS_MILLIS)));
    long most = (HistoryRequest.Usage.MAX_BUCKETS - 2) * (byDay ? DAY_MILLIS : HOUR_MILLIS);
    if (start >= end || end - start > most) {
      throw new IllegalArgumentException(
          "start must be before end, by at most " + Duration.ofMillis(most).toDays() + " days");
    }
    return new HistoryRequest.Usage(account, product, device, start, end, byDay);
  }

  private static Answer.Whole json(HistoryRequest.Usage request, List<Used> used) {
    var buckets = new JsonArray();
    used.forEach(
        one ->
            buckets.add(
                new JsonObject()
                    .put("at", Timestamps.of(one.atMillis()))
                    .put("events", one.events())
                    .put("bytes", one.bytes())));
    return Answer.json(
        new JsonObject()
            .put("by", request.byDay() ? "day" : "hour")
            .put("events", used.stream().mapToLong(Used::events).sum())
            .put("bytes", used.stream().mapToLong(Used::bytes).sum())
            .put("usage", buckets));
  }

  private static Answer.Whole csv(List<Used> used) {
    var text = new StringBuilder(Csv.line(List.of("at", "events", "bytes")));
    used.forEach(
        one ->
            text.append(
                Csv.line(
                    List.of(
                        Timestamps.of(one.atMillis()),
                        Long.toString(one.events()),
                        Long.toString(one.bytes())))));
    return new Answer.Whole(
        200, Map.of(), "text/csv; charset=utf-8; header=present", Buffer.buffer(text.toString()));
  }
}
