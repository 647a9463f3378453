package io.starling.api.devices;

import io.starling.api.access.Access;
import io.starling.api.access.NotYours;
import io.starling.api.region.ConfigurationClient;
import io.starling.api.region.GatewayClient;
import io.starling.api.region.SessionFinder;
import io.starling.bootstrap.cluster.SessionEntry;
import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.DeviceId;
import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesRequest;
import io.starling.contract.GatewayReply;
import io.starling.contract.GatewayRequest;
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
import java.util.Locale;
import java.util.Optional;

/** Naming, noting, signalling, claiming and giving up devices. */
public final class DeviceEditRoutes {
  private static final Duration SIGNAL_LIMIT = Duration.ofSeconds(2);

  private final Access access;
  private final ConfigurationClient configuration;
  private final SessionFinder sessions;
  private final GatewayClient gateways;
  private final InstantSource clock;

  /** Routes that write through the accounts service and ask gateways. */
  public DeviceEditRoutes(
      Access access,
      ConfigurationClient configuration,
      SessionFinder sessions,
      GatewayClient gateways,
      InstantSource clock) {
    this.access = access;
    this.configuration = configuration;
    this.sessions = sessions;
    this.gateways = gateways;
    this.clock = clock;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(HttpMethod.POST, "/v1/devices", this::claim);
    endpoints.guarded(HttpMethod.PUT, "/v1/devices/:device", this::edit);
    endpoints.guarded(HttpMethod.PUT, "/v1/products/:product/devices/:device", this::edit);
    endpoints.guarded(HttpMethod.DELETE, "/v1/devices/:device", this::release);
  }

  private Future<Answer> edit(Exchange exchange) {
    return access
        .device(exchange)
        .then(
            device -> {
              var fields = exchange.fields();
              var signal = fields.text("signal");
              if (signal.isPresent()) {
                return signal(device, !signal.get().equals("0") && !signal.get().equals("false"));
              }
              if (!fields.has("name") && !fields.has("notes")) {
                return Future.succeededFuture(
                    Errors.badRequest("Nothing to change: name, notes or signal is needed"));
              }
              return write(
                  exchange.principal().account(),
                  device,
                  change(exchange, "name"),
                  change(exchange, "notes"));
            });
  }

  /** A field that is there as null empties what it stands for. */
  private static Optional<String> change(Exchange exchange, String field) {
    var fields = exchange.fields();
    return fields.has(field) ? Optional.of(fields.text(field).orElse("")) : Optional.empty();
  }

  private Future<Answer.Whole> write(
      AccountId account, Entry.Device device, Optional<String> name, Optional<String> notes) {
    var request =
        new DevicesRequest.EditDevice(account, device.id(), name.orElse(null), notes.orElse(null));
    return configuration.write(request, () -> edited(device, name, notes), NotYours.device());
  }

  private Answer.Whole edited(Entry.Device device, Optional<String> name, Optional<String> notes) {
    var json = new JsonObject().put("id", device.id().toString());
    name.ifPresent(text -> json.put("name", text.isEmpty() ? null : text));
    notes.ifPresent(text -> json.put("notes", text.isEmpty() ? null : text));
    return Answer.json(json.put("updated_at", Timestamps.of(clock.instant())));
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

  private Future<Answer.Whole> claim(Exchange exchange) {
    String id =
        exchange.fields().text("id").map(text -> text.strip().toLowerCase(Locale.ROOT)).orElse("");
    if (!DeviceId.isValid(id)) {
      return Future.succeededFuture(Errors.errors(404, "device does not exist"));
    }
    var account = exchange.principal().account();
    return configuration
        .write(new DevicesRequest.ClaimDevice(account, DeviceId.of(id)))
        .compose(
            reply ->
                switch (reply) {
                  case DevicesReply.Claimed claimed -> claimed(account, claimed);
                  case DevicesReply.ClaimRefused(var reason) ->
                      Future.succeededFuture(
                          switch (reason) {
                            case UNKNOWN -> Errors.errors(404, "device does not exist");
                            case BELONGS_TO_ANOTHER ->
                                Errors.errors(
                                    403,
                                    "That belongs to someone else. Ask its owner to release it.");
                          });
                  case AccountsReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(ConfigurationClient.unavailable(seconds));
                });
  }

  private Future<Answer.Whole> claimed(AccountId account, DevicesReply.Claimed claimed) {
    return sessions
        .find(claimed.device())
        .otherwise(Optional.empty())
        .compose(
            session ->
                configuration.seen(
                    claimed.position(),
                    () ->
                        Answer.json(
                            new JsonObject()
                                .put("ok", true)
                                .put("user_id", account.toString())
                                .put("id", claimed.device().toString())
                                .put(
                                    "connected",
                                    session.map(SessionEntry::online).orElse(false)))));
  }

  private Future<Answer> release(Exchange exchange) {
    return access
        .device(exchange)
        .then(
            device ->
                configuration.write(
                    new DevicesRequest.ReleaseDevice(exchange.principal().account(), device.id()),
                    Answer::ok,
                    NotYours.device()));
  }
}
