package io.starling.api.products;

import io.starling.api.access.Access;
import io.starling.api.region.ConfigurationClient;
import io.starling.contract.AccountsReply;
import io.starling.contract.ProductsReply;
import io.starling.contract.ProductsReply.AddAuthorityReply;
import io.starling.contract.ProductsRequest;
import io.starling.contract.Scope;
import io.starling.directory.Directory;
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
import java.util.Locale;

/** The authorities whose certificates are taken from the devices of a product. */
public final class AuthorityRoutes {
  private static final String ALL = "/v1/products/:product/authorities";
  private static final String ONE = ALL + "/:fingerprint";

  private final Access access;
  private final Directory directory;
  private final ConfigurationClient configuration;

  /** Routes that read here and write through the accounts service. */
  public AuthorityRoutes(Access access, Directory directory, ConfigurationClient configuration) {
    this.access = access;
    this.directory = directory;
    this.configuration = configuration;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(HttpMethod.GET, ALL, Scope.AUTHORITIES_LIST, this::list);
    endpoints.guarded(HttpMethod.POST, ALL, Scope.AUTHORITIES_CREATE, this::add);
    endpoints.guarded(HttpMethod.DELETE, ONE, Scope.AUTHORITIES_REMOVE, this::remove);
  }

  private Future<Answer> list(Exchange exchange) {
    return access.product(exchange).then(product -> Future.succeededFuture(list(product)));
  }

  private Answer.Whole list(Entry.Product product) {
    var all = new JsonArray();
    directory.authoritiesOf(product.id()).stream().map(AuthorityRoutes::json).forEach(all::add);
    return Answer.json(
        new JsonObject()
            .put("ok", true)
            .put("proof_name", Entry.ProductAuthority.proofName(product.id()))
            .put("authorities", all));
  }

  private static JsonObject json(Entry.ProductAuthority one) {
    return new JsonObject()
        .put("fingerprint", one.fingerprint())
        .put("subject", one.authority().certificate().getSubjectX500Principal().getName())
        .put("expires_at", Timestamps.of(one.authority().expiresAt()))
        .put("created_at", Timestamps.of(one.createdAt()))
        .put("certificate", one.authority().pem());
  }

  private Future<Answer> add(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product ->
                configuration
                    .by(exchange)
                    .write(
                        new ProductsRequest.AddAuthority(
                            product.owner(),
                            product.id(),
                            exchange.fields().text("certificate").orElse(""),
                            exchange.fields().text("proof").orElse("")))
                    .compose(reply -> added(product, reply)));
  }

  private Future<Answer.Whole> added(Entry.Product product, AddAuthorityReply reply) {
    return switch (reply) {
      case ProductsReply.AuthorityAdded(var fingerprint, var position) ->
          configuration.seen(
              position,
              () ->
                  Answer.json(
                      201,
                      new JsonObject()
                          .put("ok", true)
                          .put(
                              "authority",
                              directory
                                  .authority(product.id(), fingerprint)
                                  .map(AuthorityRoutes::json)
                                  .orElseGet(
                                      () -> new JsonObject().put("fingerprint", fingerprint)))));
      case ProductsReply.AuthorityRefused(var why) ->
          Future.succeededFuture(Errors.badRequest(why));
      case AccountsReply.NotFound _ ->
          Future.succeededFuture(Errors.error(404, "Product not found."));
      case AccountsReply.DatabaseDown(int seconds) ->
          Future.succeededFuture(ConfigurationClient.unavailable(seconds));
    };
  }

  private Future<Answer> remove(Exchange exchange) {
    String fingerprint = exchange.path("fingerprint").toLowerCase(Locale.ROOT);
    return access
        .product(exchange)
        .then(
            product ->
                configuration
                    .by(exchange)
                    .write(
                        new ProductsRequest.RemoveAuthority(
                            product.owner(), product.id(), fingerprint),
                        () -> Answer.empty(204),
                        Errors.error(404, "Authority not found.")));
  }
}
