package io.starling.api.diagnostics;

import io.starling.api.access.Access;
import io.starling.api.access.Named;
import io.starling.api.history.TimeText;
import io.starling.api.region.GatewayClient;
import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AccountId;
import io.starling.contract.GatewayReply;
import io.starling.contract.GatewayRequest;
import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryRequest.Events;
import io.starling.contract.Scope;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What devices report of their own health: the last, those of a time, and new ones. */
public final class DiagnosticsRoutes {
  private static final Duration DEADLINE = Duration.ofMillis(990);
  private static final Duration DEFAULT_RANGE = Duration.ofDays(30);
  private static final int RETRY_SECONDS = 5;

  private final Access access;
  private final Bus bus;
  private final GatewayClient gateways;
  private final Duration timeout;
  private final InstantSource clock;
  private final Answer.Whole metadata;

  /**
   * Routes that ask relays for what was, and gateways for what is.
   *
   * @param timeout how long a device may take
   */
  public DiagnosticsRoutes(
      Access access, Bus bus, GatewayClient gateways, Duration timeout, InstantSource clock) {
    this.access = access;
    this.bus = bus;
    this.gateways = gateways;
    this.timeout = timeout;
    this.clock = clock;
    this.metadata = Answer.json(new JsonObject(Buffer.buffer(read("metadata.json"))));
  }

  private static byte[] read(String resource) {
    try (var file = DiagnosticsRoutes.class.getResourceAsStream(resource)) {
      return Objects.requireNonNull(file, resource).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    for (String base : List.of("/v1", "/v1/products/:product")) {
      String device = base + "/diagnostics/:device";
      endpoints.guarded(
          HttpMethod.GET, device + "/last", Scope.DEVICES_DIAGNOSTICS_GET, this::last);
      endpoints.guarded(
          HttpMethod.GET,
          device + "/metadata",
          Scope.DEVICES_DIAGNOSTICS_METADATA_GET,
          this::metadata);
      endpoints.guarded(
          HttpMethod.POST, device + "/update", Scope.DEVICES_DIAGNOSTICS_UPDATE, this::update);
      endpoints.guarded(HttpMethod.GET, device, Scope.DEVICES_DIAGNOSTICS_GET, this::list);
    }
  }

  private Future<Answer> metadata(Exchange exchange) {
    return access.device(exchange).then(device -> Future.succeededFuture(metadata));
  }

  private Future<Answer> update(Exchange exchange) {
    return access
        .device(exchange)
        .then(
            device ->
                gateways
                    .<GatewayReply.VitalsReply, GatewayRequest.UpdateVitals>ask(
                        device.id(),
                        timeout.plusSeconds(1),
                        (gateway, epoch) ->
                            new GatewayRequest.UpdateVitals(
                                gateway, device.id(), epoch, timeout.toMillis()))
                    .map(reply -> reply.map(DiagnosticsRoutes::updated).orElseGet(this::silent)));
  }

  private static Answer.Whole updated(GatewayReply.VitalsReply reply) {
    return switch (reply) {
      case GatewayReply.VitalsTold _ -> Answer.ok();
      case GatewayReply.Busy _ -> Errors.tooMany("Too many requests wait for this device", 1);
      case GatewayReply.Silent _, GatewayReply.Moved _ -> Errors.error(408, "Timed out.");
    };
  }

  private Answer.Whole silent() {
    return Errors.error(408, "Timed out.");
  }

  private Future<Answer> last(Exchange exchange) {
    return withEvents(
        exchange,
        (account, device) -> vitals(exchange, account, device, 0, Long.MAX_VALUE).limit(1),
        found -> {
          var reports = Report.in(found.events());
          return reports.isEmpty()
              ? Errors.error(404, "No diagnostics found")
              : Answer.json(new JsonObject().put("diagnostics", reports.getFirst().json()));
        });
  }

  private Future<Answer> list(Exchange exchange) {
    long start;
    long end;
    try {
      end = TimeText.query(exchange, "end_date").orElse(clock.millis() + 1);
      start =
          TimeText.query(exchange, "start_date")
              .orElse(Math.max(0, end - DEFAULT_RANGE.toMillis()));
      if (start >= end) {
        throw new IllegalArgumentException("start_date must be before end_date");
      }
    } catch (IllegalArgumentException e) {
      return Future.succeededFuture(refused(String.valueOf(e.getMessage())));
    }
    var accept = exchange.request().getHeader("Accept");
    boolean table = accept != null && accept.contains("text/csv");
    var before = exchange.query("cursor");
    return withEvents(
        exchange,
        (account, device) -> {
          var request = vitals(exchange, account, device, start, end);
          return before.map(request::from).orElse(request);
        },
        found -> table ? table(found) : page(found));
  }

  private static Answer.Whole page(HistoryReply.EventsFound found) {
    var list = new JsonArray();
    Report.in(found.events()).forEach(report -> list.add(report.json()));
    return Answer.json(new JsonObject().put("diagnostics", list).put("next", found.next()))
        .with("Vary", "Accept");
  }

  private static Answer.Whole table(HistoryReply.EventsFound found) {
    var whole =
        new Answer.Whole(
            200,
            Map.of("Vary", "Accept"),
            "text/csv; charset=utf-8; header=present",
            Buffer.buffer(Report.csv(Report.in(found.events()))));
    return found.next() == null ? whole : whole.with("X-Next-Cursor", found.next());
  }

  private static Events vitals(
      Exchange exchange, AccountId account, Entry.Device device, long start, long end) {
    return new Events(
        account,
        exchange.hasPath("product") ? device.product() : 0,
        device.id(),
        Events.VITALS,
        true,
        null,
        null,
        start,
        end,
        true,
        null,
        Events.MAX_LIMIT);
  }

  private Future<Answer> withEvents(
      Exchange exchange,
      BiFunction<AccountId, Entry.Device, Events> question,
      Function<HistoryReply.EventsFound, Answer.Whole> answer) {
    return whose(exchange)
        .then(
            account ->
                access
                    .device(exchange)
                    .then(
                        device ->
                            bus.ask(question.apply(account, device), DEADLINE)
                                .otherwise(_ -> new HistoryReply.DatabaseDown(RETRY_SECONDS))
                                .map(
                                    reply ->
                                        switch (reply) {
                                          case HistoryReply.EventsFound found ->
                                              answer.apply(found);
                                          case HistoryReply.PlaceUnknown _ ->
                                              refused("cursor must be what next was");
                                          case HistoryReply.DatabaseDown(int seconds) ->
                                              Errors.unavailable(
                                                  "Diagnostics cannot be read for now, try again",
                                                  seconds);
                                        })));
  }

  /** In whose topic space the device's events are looked for. */
  private Named<AccountId> whose(Exchange exchange) {
    if (!exchange.hasPath("product")) {
      return new Named.Yours<>(exchange.principal().account());
    }
    return switch (access.product(exchange)) {
      case Named.Yours<Entry.Product>(var product) -> new Named.Yours<>(product.owner());
      case Named.Absent<Entry.Product>(var answer) -> new Named.Absent<>(answer);
    };
  }

  private static Answer.Whole refused(String description) {
    return Answer.json(
        400, new JsonObject().put("error", "bad_request").put("description", description));
  }
}
