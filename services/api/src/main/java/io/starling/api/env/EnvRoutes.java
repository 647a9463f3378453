package io.starling.api.env;

import io.starling.api.access.Access;
import io.starling.api.region.ConfigurationClient;
import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AccountsReply;
import io.starling.contract.EnvReply;
import io.starling.contract.EnvRequest;
import io.starling.contract.Scope;
import io.starling.directory.Directory;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Shows, sets and rolls out environment variables. */
public final class EnvRoutes {
  private static final List<String> PLACES =
      List.of("/v1/env", "/v1/orgs/:org/env", "/v1/products/:product/env", "/v1/env/:device");

  private final Access access;
  private final Directory directory;
  private final ConfigurationClient configuration;
  private final DeviceReports reports;
  private final EnvJson json;

  /** Routes that read here and write through the accounts service. */
  public EnvRoutes(Access access, Directory directory, ConfigurationClient configuration, Bus bus) {
    this.access = access;
    this.directory = directory;
    this.configuration = configuration;
    this.reports = new DeviceReports(bus, directory);
    this.json = new EnvJson(directory);
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    for (String base : PLACES) {
      String key = base + "/:key";
      endpoints.guarded(HttpMethod.GET, base + "/render", Scope.ENV_GET, this::render);
      endpoints.guarded(HttpMethod.GET, base + "/rollout", Scope.ENV_GET, this::review);
      endpoints.guarded(HttpMethod.POST, base + "/rollout", Scope.ENV_UPDATE, this::rollOut);
      endpoints.guarded(HttpMethod.GET, base, Scope.ENV_GET, this::show);
      endpoints.guarded(HttpMethod.PATCH, base, Scope.ENV_UPDATE, this::patch);
      endpoints.guarded(HttpMethod.PUT, key, Scope.ENV_UPDATE, this::put);
      endpoints.guarded(HttpMethod.DELETE, key, Scope.ENV_UPDATE, this::delete);
    }
  }

  private Future<Answer> with(
      Exchange exchange, Scope needed, Function<EnvTarget, Future<Answer.Whole>> next) {
    return EnvTarget.of(exchange, needed, access, directory).then(next::apply);
  }

  private Future<Answer> show(Exchange exchange) {
    return with(
        exchange,
        Scope.ENV_GET,
        target ->
            reported(target)
                .map(
                    reported -> {
                      var shown = json.of(target.scopes());
                      reported.ifPresent(report -> shown.put("on_device", report.json()));
                      return Answer.json(shown);
                    }));
  }

  private Future<Optional<DeviceReports.Reported>> reported(EnvTarget target) {
    var device = target.device();
    return device == null ? Future.succeededFuture(Optional.empty()) : reports.last(device);
  }

  private Future<Answer> render(Exchange exchange) {
    return with(
        exchange,
        Scope.ENV_GET,
        target -> Future.succeededFuture(Answer.json(json.rendered(target.scopes()))));
  }

  private Future<Answer> review(Exchange exchange) {
    return with(
        exchange,
        Scope.ENV_GET,
        target ->
            reported(target)
                .map(
                    reported -> {
                      var scopes = target.scopes();
                      var shown = new JsonObject().put("from_snapshot", json.fromSnapshot(scopes));
                      reported.ifPresent(
                          report ->
                              shown.put(
                                  "from_device", json.fromDevice(report.variables(), scopes)));
                      return Answer.json(shown);
                    }));
  }

  private Future<Answer> patch(Exchange exchange) {
    return change(exchange, () -> EnvChanges.of(exchange.fields().all().getValue("ops")));
  }

  private Future<Answer> put(Exchange exchange) {
    return change(
        exchange,
        () -> EnvChanges.setting(exchange.path("key"), exchange.fields().all().getValue("value")));
  }

  private Future<Answer> delete(Exchange exchange) {
    return change(exchange, () -> EnvChanges.unsetting(exchange.path("key")));
  }

  private Future<Answer> change(Exchange exchange, Supplier<EnvChanges> read) {
    return with(
        exchange,
        Scope.ENV_UPDATE,
        target -> {
          EnvChanges changes;
          try {
            changes = read.get();
          } catch (IllegalArgumentException e) {
            return Future.succeededFuture(Errors.badRequest(String.valueOf(e.getMessage())));
          }
          var request =
              new EnvRequest.ChangeEnv(
                  target.scope(), changes.set(), changes.unset(), exchange.principal().account());
          return configuration.by(exchange).write(request).compose(reply -> changed(target, reply));
        });
  }

  private Future<Answer.Whole> changed(EnvTarget target, EnvReply.ChangeReply reply) {
    return switch (reply) {
      case EnvReply.EnvChanged(var position) ->
          configuration.seen(position, () -> Answer.json(json.of(target.scopes())));
      case EnvReply.EnvRefused(var reason) ->
          Future.succeededFuture(
              Errors.badRequest(
                  switch (reason) {
                    case TOO_MANY -> "There may be " + EnvRequest.MOST + " variables at most";
                    case TOO_LARGE ->
                        "The variables may have "
                            + EnvRequest.MAX_SCOPE_BYTES
                            + " bytes together at most";
                    case NO_ROOM -> "The account has as many variables as it may have";
                  }));
      case AccountsReply.DatabaseDown(int seconds) ->
          Future.succeededFuture(ConfigurationClient.unavailable(seconds));
    };
  }

  private Future<Answer> rollOut(Exchange exchange) {
    return with(
        exchange,
        Scope.ENV_UPDATE,
        target -> {
          String when = exchange.fields().text("when").orElse("");
          if (!when.equals("Immediate") && !when.equals("Connect")) {
            return Future.succeededFuture(Errors.badRequest("when must be Immediate or Connect"));
          }
          return configuration
              .by(exchange)
              .write(
                  new EnvRequest.RollOutEnv(
                      target.scope(), when.equals("Connect"), exchange.principal().account()),
                  () -> Answer.json(new JsonObject().put("success", true)),
                  Errors.error(404, "Not found"));
        });
  }
}
