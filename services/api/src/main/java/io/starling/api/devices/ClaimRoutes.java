package io.starling.api.devices;

import io.starling.api.access.Access;
import io.starling.api.access.NotYours;
import io.starling.api.region.ConfigurationClient;
import io.starling.api.region.SessionFinder;
import io.starling.bootstrap.cluster.SessionEntry;
import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.DeviceId;
import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesReply.ClaimRefused.Reason;
import io.starling.contract.DevicesRequest;
import io.starling.contract.Scope;
import io.starling.contract.TransfersReply;
import io.starling.contract.TransfersRequest;
import io.starling.directory.Directory;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Optional;

/**
 * How devices come to an account: claimed by id, by the secret of their label, by a code that they
 * are given, or made new; or asked for, where they belong to somebody else.
 */
public final class ClaimRoutes {
  /** The most ids that come with a claim code: setup tools look for the new one among them. */
  private static final int MAX_IDS = 1_000;

  private static final int RETRY_SECONDS = 3_600;

  private final Access access;
  private final Directory directory;
  private final ConfigurationClient configuration;
  private final SessionFinder sessions;

  /** Routes that write through the accounts service. */
  public ClaimRoutes(
      Access access,
      Directory directory,
      ConfigurationClient configuration,
      SessionFinder sessions) {
    this.access = access;
    this.directory = directory;
    this.configuration = configuration;
    this.sessions = sessions;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(HttpMethod.POST, "/v1/devices", Scope.DEVICES_CLAIM, this::claim);
    endpoints.guarded(HttpMethod.POST, "/v1/device_claims", Scope.DEVICES_CLAIM, this::createCode);
    endpoints.guarded(
        HttpMethod.POST,
        "/v1/products/:product/device_claims",
        Scope.DEVICES_CLAIM,
        this::createCodeInProduct);
    endpoints.guarded(
        HttpMethod.POST,
        "/v1/products/:product/devices/:device/claim_secret",
        Scope.DEVICES_IMPORT,
        this::createSecret);
  }

  private Future<Answer> createSecret(Exchange exchange) {
    return access
        .device(exchange)
        .then(
            device ->
                configuration
                    .by(exchange)
                    .write(
                        new DevicesRequest.CreateClaimSecret(
                            access.account(exchange), device.product(), device.id()))
                    .map(
                        reply ->
                            switch (reply) {
                              case DevicesReply.ClaimSecretCreated(var secret) ->
                                  label(device.id(), secret);
                              case AccountsReply.NotFound _ -> NotYours.device();
                              case AccountsReply.DatabaseDown(int seconds) ->
                                  ConfigurationClient.unavailable(seconds);
                            }));
  }

  private static Answer.Whole label(DeviceId device, String secret) {
    return Answer.json(
        201,
        new JsonObject()
            .put("ok", true)
            .put("id", device.toString())
            .put("claim_secret", secret)
            .put("qr", "starling:claim:" + device + ":" + secret));
  }

  private Future<Answer> createCodeInProduct(Exchange exchange) {
    return access.product(exchange).then(_ -> createCode(exchange));
  }

  private Future<Answer.Whole> createCode(Exchange exchange) {
    var account = exchange.principal().account();
    return configuration
        .by(exchange)
        .write(new DevicesRequest.CreateClaimCode(account))
        .map(
            reply ->
                switch (reply) {
                  case DevicesReply.ClaimCodeCreated(var code) -> told(account, code);
                  case DevicesReply.TooManyClaimCodes _ ->
                      Errors.tooMany("Too many claim codes are not used yet", RETRY_SECONDS);
                  case AccountsReply.DatabaseDown(int seconds) ->
                      ConfigurationClient.unavailable(seconds);
                });
  }

  private Answer.Whole told(AccountId account, String code) {
    var ids = new JsonArray();
    directory.fleetOf(account).all().stream()
        .limit(MAX_IDS)
        .forEach(device -> ids.add(device.id().toString()));
    return Answer.json(new JsonObject().put("claim_code", code).put("device_ids", ids));
  }

  private Future<Answer.Whole> provision(Exchange exchange, long product) {
    var account = exchange.principal().account();
    int number = Math.clamp(product, 0, Integer.MAX_VALUE);
    return configuration
        .by(exchange)
        .write(new DevicesRequest.CreateDevices(account, number, 1))
        .compose(
            reply ->
                switch (reply) {
                  case DevicesReply.DevicesCreated(var devices, var position) ->
                      configuration.seen(position, () -> provisioned(devices.getFirst()));
                  case AccountsReply.NotFound _ ->
                      Future.succeededFuture(Errors.error(404, "Product not found."));
                  case AccountsReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(ConfigurationClient.unavailable(seconds));
                });
  }

  private static Answer.Whole provisioned(DevicesReply.NewDevice device) {
    return Answer.json(
        new JsonObject()
            .put("ok", true)
            .put("id", device.id().toString())
            .put("device_id", device.id().toString())
            .put("secret", device.secret()));
  }

  private Future<Answer.Whole> claim(Exchange exchange) {
    var product = exchange.fields().number("product_id");
    if (product.isPresent() && !exchange.fields().has("id")) {
      return provision(exchange, product.get());
    }
    String id =
        exchange.fields().text("id").map(text -> text.strip().toLowerCase(Locale.ROOT)).orElse("");
    if (!DeviceId.isValid(id)) {
      return Future.succeededFuture(unknown());
    }
    var device = DeviceId.of(id);
    var account = exchange.principal().account();
    var secret = exchange.fields().text("claim_secret");
    return configuration
        .by(exchange)
        .write(
            secret.isPresent()
                ? new DevicesRequest.ClaimBySecret(
                    account, device, secret.get(), exchange.clientAddress())
                : new DevicesRequest.ClaimDevice(account, device))
        .compose(reply -> answer(exchange, device, reply));
  }

  private Future<Answer.Whole> answer(
      Exchange exchange, DeviceId device, DevicesReply.ClaimReply reply) {
    return switch (reply) {
      case DevicesReply.Claimed claimed -> claimed(exchange.principal().account(), claimed);
      case DevicesReply.ClaimRefused(var reason) ->
          // A customer is not told what there is beside his own.
          reason == Reason.BELONGS_TO_ANOTHER && access.customer(exchange).isEmpty()
              ? taken(exchange, device)
              : Future.succeededFuture(unknown());
      case DevicesReply.TooManyGuesses(int seconds) ->
          Future.succeededFuture(
              Errors.tooMany("Too many wrong claim secrets, try again later", seconds));
      case AccountsReply.DatabaseDown(int seconds) ->
          Future.succeededFuture(ConfigurationClient.unavailable(seconds));
    };
  }

  private static Answer.Whole unknown() {
    return Errors.errors(404, "device does not exist");
  }

  /** Its owner is asked for it, if that is wanted. */
  private Future<Answer.Whole> taken(Exchange exchange, DeviceId device) {
    if (exchange.fields().text("request_transfer").filter("true"::equals).isEmpty()) {
      return Future.succeededFuture(
          Errors.errors(
              403,
              "That belongs to someone else. To ask its owner for it, claim it with"
                  + " request_transfer."));
    }
    return configuration
        .by(exchange)
        .write(new TransfersRequest.RequestTransfer(exchange.principal().account(), device))
        .map(
            reply ->
                switch (reply) {
                  case TransfersReply.TransferRequested(var transfer) ->
                      Answer.json(
                          new JsonObject()
                              .put("ok", true)
                              .put("id", device.toString())
                              .put("transfer_id", transfer));
                  case TransfersReply.TransferRefused(var reason) ->
                      switch (reason) {
                        case UNKNOWN -> unknown();
                        case TOO_MANY ->
                            Errors.tooMany(
                                "The owner was asked often enough, or said no", RETRY_SECONDS);
                      };
                  case AccountsReply.DatabaseDown(int seconds) ->
                      ConfigurationClient.unavailable(seconds);
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
}
