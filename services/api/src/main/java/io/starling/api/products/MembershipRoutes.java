package io.starling.api.products;

import io.starling.api.access.Access;
import io.starling.api.region.ConfigurationClient;
import io.starling.contract.AccountsReply;
import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesRequest;
import io.starling.contract.Scope;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.starling.http.UploadedLines;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which devices are in a product: added or approved, taken out or denied. */
public final class MembershipRoutes {
  private static final int MAX_AT_ONCE = 1_000;
  private static final UploadedLines.Limits FILE =
      new UploadedLines.Limits(10_000, 256, MAX_AT_ONCE, Duration.ofSeconds(30), false);

  private final Vertx vertx;
  private final Access access;
  private final ConfigurationClient configuration;

  /** Routes that write through the accounts service. */
  public MembershipRoutes(Vertx vertx, Access access, ConfigurationClient configuration) {
    this.vertx = vertx;
    this.access = access;
    this.configuration = configuration;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guardedUpload(
        HttpMethod.POST, "/v1/products/:product/devices", Scope.DEVICES_IMPORT, this::add);
    endpoints.guarded(
        HttpMethod.DELETE,
        "/v1/products/:product/devices/:device",
        Scope.DEVICES_REMOVE,
        this::remove);
  }

  private Future<Answer> add(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product -> {
              var sum = new Membership();
              return exchange.isUpload()
                  ? addFile(exchange, product, sum)
                  : addAll(exchange, product, asked(exchange.fields().all()), sum);
            });
  }

  private Future<Answer.Whole> addAll(
      Exchange exchange, Entry.Product product, List<String> asked, Membership sum) {
    if (asked.isEmpty() || asked.size() > MAX_AT_ONCE) {
      return Future.succeededFuture(
          Errors.badRequest("id or ids is needed, at most " + MAX_AT_ONCE));
    }
    return add(exchange, product, asked, sum).compose(refused -> answered(refused, sum));
  }

  /** As Particle's tool sends it, even one alone: a file with one id a line. */
  private Future<Answer.Whole> addFile(Exchange exchange, Entry.Product product, Membership sum) {
    return UploadedLines.read(
            vertx,
            exchange,
            FILE,
            lines ->
                add(exchange, product, lines, sum)
                    .compose(
                        refused ->
                            refused.isEmpty()
                                ? Future.succeededFuture()
                                : Future.failedFuture(new Refusal(refused.get()))))
        .recover(Refusal::answerOf)
        .compose(refused -> answered(refused, sum));
  }

  private Future<Answer.Whole> answered(Optional<Answer.Whole> refused, Membership sum) {
    return refused
        .map(Future::succeededFuture)
        .orElseGet(() -> configuration.seen(sum.position(), sum::answer));
  }

  /** {@code id}, or all of {@code ids}. */
  private static List<String> asked(JsonObject fields) {
    var asked = new ArrayList<String>();
    if (fields.getValue("ids") instanceof JsonArray ids) {
      ids.forEach(id -> asked.add(String.valueOf(id)));
    }
    if (fields.getValue("id") instanceof String id) {
      asked.add(id);
    }
    return asked;
  }

  /** Adds some; answers where that went wrong, and otherwise adds them up. */
  private Future<Optional<Answer.Whole>> add(
      Exchange exchange, Entry.Product product, List<String> asked, Membership sum) {
    var valid = sum.sort(asked);
    return configuration
        .by(exchange)
        .write(new DevicesRequest.AddDevices(product.owner(), product.id(), valid))
        .map(
            reply ->
                switch (reply) {
                  case DevicesReply.DevicesAdded added -> {
                    sum.add(added);
                    yield Optional.empty();
                  }
                  case AccountsReply.NotFound _ ->
                      Optional.of(Errors.error(404, "Product not found."));
                  case AccountsReply.DatabaseDown(int seconds) ->
                      Optional.of(ConfigurationClient.unavailable(seconds));
                });
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
    var account = access.account(exchange);
    return configuration
        .by(exchange)
        .write(
            new DevicesRequest.RemoveDevice(account, device.product(), device.id(), deny),
            () -> Answer.empty(204),
            Errors.error(404, "Device not found."));
  }
}
