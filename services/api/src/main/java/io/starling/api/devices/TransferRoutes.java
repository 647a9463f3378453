package io.starling.api.devices;

import io.starling.api.access.Access;
import io.starling.api.region.ConfigurationClient;
import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.Scope;
import io.starling.contract.TransfersReply;
import io.starling.contract.TransfersRequest;
import io.starling.directory.Secrets;
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
import java.util.Optional;

/** Devices that somebody wants of somebody else: listed, answered, and taken back. */
public final class TransferRoutes {
  private static final String ALL = "/v1/devices/transfers";
  private static final String ONE = ALL + "/:transfer";
  private static final String OF_ORGANIZATION = "/v1/orgs/:org/devices/transfers";

  /** As the accounts service has it. */
  private static final Duration DUE_WITHIN = Duration.ofDays(7);

  private final Access access;
  private final ConfigurationClient configuration;

  /** Routes that ask the accounts service. */
  public TransferRoutes(Access access, ConfigurationClient configuration) {
    this.access = access;
    this.configuration = configuration;
  }

  /** Adds them, before those of devices: no device is called so here. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(HttpMethod.GET, ALL, Scope.DEVICES_LIST, this::list);
    endpoints.guarded(HttpMethod.PUT, ONE, Scope.DEVICES_RELEASE, this::answer);
    endpoints.guarded(HttpMethod.GET, OF_ORGANIZATION, Scope.DEVICES_LIST, this::list);
    endpoints.guarded(
        HttpMethod.PUT, OF_ORGANIZATION + "/:transfer", Scope.DEVICES_RELEASE, this::answer);
    endpoints.guarded(HttpMethod.DELETE, ONE, Scope.DEVICES_CLAIM, this::withdraw);
    endpoints.open(HttpMethod.POST, "/v1/user/transfer/confirm", this::answerByLink);
  }

  private Future<Answer> list(Exchange exchange) {
    return access.keeper(exchange).then(account -> list(exchange, account));
  }

  private Future<Answer.Whole> list(Exchange exchange, AccountId account) {
    return configuration
        .by(exchange)
        .write(new TransfersRequest.ListTransfers(account))
        .map(
            reply ->
                switch (reply) {
                  case TransfersReply.TransfersFound(var found) -> {
                    var transfers = new JsonArray();
                    found.forEach(transfer -> transfers.add(json(transfer)));
                    yield Answer.json(new JsonObject().put("transfers", transfers));
                  }
                  case AccountsReply.DatabaseDown(int seconds) ->
                      ConfigurationClient.unavailable(seconds);
                });
  }

  private static JsonObject json(TransfersReply.TransferLine transfer) {
    return new JsonObject()
        .put("id", transfer.transfer())
        .put("device_id", transfer.device().toString())
        .put("direction", transfer.requester() == null ? "outgoing" : "incoming")
        .put("requested_by", transfer.requester())
        .put("created_at", Timestamps.of(transfer.createdAtMillis()))
        .put("expires_at", Timestamps.of(transfer.createdAtMillis() + DUE_WITHIN.toMillis()));
  }

  /** Accepted or declined; empty if it says neither. */
  private static Optional<Boolean> decision(Exchange exchange) {
    return exchange
        .fields()
        .text("action")
        .flatMap(
            action ->
                switch (action) {
                  case "accept" -> Optional.of(true);
                  case "decline" -> Optional.of(false);
                  default -> Optional.empty();
                });
  }

  private Future<Answer> answer(Exchange exchange) {
    var accept = decision(exchange);
    return access
        .keeper(exchange)
        .then(
            account ->
                accept.isEmpty()
                    ? neither()
                    : configuration
                        .by(exchange)
                        .<TransfersRequest.AnswerTransfer>write(
                            new TransfersRequest.AnswerTransfer(
                                account, exchange.path("transfer"), accept.get()),
                            Answer::ok,
                            absent()));
  }

  private Future<Answer.Whole> withdraw(Exchange exchange) {
    return configuration
        .by(exchange)
        .<TransfersRequest.WithdrawTransfer>write(
            new TransfersRequest.WithdrawTransfer(
                exchange.principal().account(), exchange.path("transfer")),
            Answer::ok,
            absent());
  }

  private Future<Answer.Whole> answerByLink(Exchange exchange) {
    var token = exchange.fields().text("token");
    var accept = decision(exchange);
    if (token.isEmpty()) {
      return Future.succeededFuture(Errors.badRequest("token is required"));
    }
    return accept.isEmpty()
        ? neither()
        : configuration
            .by(exchange)
            .<TransfersRequest.AnswerByLink>write(
                new TransfersRequest.AnswerByLink(Secrets.hash(token.get()), accept.get()),
                () ->
                    Answer.json(
                        new JsonObject()
                            .put("ok", true)
                            .put(
                                "message",
                                accept.get()
                                    ? "The device was given away"
                                    : "The device stays yours")),
                Errors.badRequest("This link is not good any more"));
  }

  private static Future<Answer.Whole> neither() {
    return Future.succeededFuture(Errors.badRequest("action must be accept or decline"));
  }

  private static Answer.Whole absent() {
    return Errors.error(404, "Transfer not found.");
  }
}
