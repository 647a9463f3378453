package io.starling.api.customers;

import io.starling.api.access.Access;
import io.starling.api.devices.DeviceJson;
import io.starling.api.oauth.CustomerGrants;
import io.starling.api.region.ConfigurationClient;
import io.starling.contract.CustomersReply;
import io.starling.contract.CustomersRequest;
import io.starling.contract.DevicesRequest;
import io.starling.contract.PeopleReply;
import io.starling.contract.Scope;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.starling.http.Page;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The customers of a product, and which of them has a device. */
public final class CustomerRoutes {
  private static final String ALL = "/v1/products/:product/customers";
  private static final String ONE = ALL + "/:email";
  private static final Page.Bounds PAGES = new Page.Bounds(25, 100);

  /** The most devices that a page shows of each. */
  private static final int MAX_DEVICES = 100;

  private final Vertx vertx;
  private final Access access;
  private final Directory directory;
  private final ConfigurationClient configuration;
  private final CustomerGrants grants;
  private final DeviceJson json;

  /** Routes that read here and write through the accounts service. */
  public CustomerRoutes(
      Vertx vertx,
      Access access,
      Directory directory,
      ConfigurationClient configuration,
      CustomerGrants grants) {
    this.vertx = vertx;
    this.access = access;
    this.directory = directory;
    this.configuration = configuration;
    this.grants = grants;
    this.json = new DeviceJson(directory);
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.open(HttpMethod.POST, ALL, exchange -> ofClient(exchange, this::create));
    endpoints.open(
        HttpMethod.POST, ALL + "/reset_password", exchange -> ofClient(exchange, this::forgot));
    endpoints.guarded(HttpMethod.GET, ALL, Scope.CUSTOMERS_LIST, this::list);
    endpoints.guarded(HttpMethod.PUT, ONE, Scope.CUSTOMERS_UPDATE, this::edit);
    endpoints.guarded(HttpMethod.DELETE, ONE, Scope.CUSTOMERS_REMOVE, this::delete);
    endpoints.guarded(
        HttpMethod.DELETE,
        "/v1/products/:product/devices/:device/owner",
        Scope.DEVICES_RELEASE,
        this::free);
  }

  /** What is asked by a client of the product, with its secret and without a token. */
  private Future<Answer.Whole> ofClient(
      Exchange exchange, Function<Exchange, Function<Entry.Product, Future<Answer.Whole>>> next) {
    var client = grants.client(exchange);
    return directory
        .product(exchange.path("product"))
        .filter(product -> client.filter(shown -> shown.product() == product.id()).isPresent())
        .map(product -> next.apply(exchange).apply(product))
        .orElseGet(
            () ->
                Future.succeededFuture(
                    Errors.oauth(400, "invalid_client", "Client credentials are invalid")));
  }

  private Function<Entry.Product, Future<Answer.Whole>> create(Exchange exchange) {
    return product -> grants.create(exchange, product.id());
  }

  /** The same for everybody, known or not. */
  private Function<Entry.Product, Future<Answer.Whole>> forgot(Exchange exchange) {
    return product -> {
      var email = exchange.fields().firstText("email", "username");
      if (email.isEmpty()) {
        return Future.succeededFuture(Errors.badRequest("email is required"));
      }
      return configuration
          .by(exchange)
          .write(new CustomersRequest.ForgotPassword(product.id(), email.get()))
          .map(
              reply ->
                  switch (reply) {
                    case PeopleReply.Written _ ->
                        Answer.json(
                            new JsonObject()
                                .put("ok", true)
                                .put(
                                    "message",
                                    "If a customer has this address, a link was sent to it"));
                    case PeopleReply.DatabaseDown(int seconds) ->
                        ConfigurationClient.unavailable(seconds);
                  });
    };
  }

  private Future<Answer> list(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product -> {
              String email =
                  exchange
                      .query("customer_email")
                      .or(() -> exchange.query("customerEmail"))
                      .orElse("")
                      .toLowerCase(Locale.ROOT);
              // Going through many would hold up the event loop.
              return vertx
                  .executeBlocking(() -> matching(product, email), false)
                  .map(found -> page(found, Page.within(exchange, PAGES)));
            });
  }

  private List<Entry.Account> matching(Entry.Product product, String email) {
    return directory.customers().of(product.id()).stream()
        .filter(customer -> customer.email().toLowerCase(Locale.ROOT).contains(email))
        .toList();
  }

  private Answer.Whole page(List<Entry.Account> found, Page page) {
    var customers = new JsonArray();
    var devices = new JsonArray();
    page.of(found).stream()
        .forEach(
            customer -> {
              customers.add(
                  new JsonObject()
                      .put("id", customer.id().toString())
                      .put("username", customer.email()));
              directory.devicesOf(customer.id()).stream()
                  .limit(MAX_DEVICES)
                  .map(
                      device ->
                          json.inProduct(
                              json.brief(device, Optional.empty()), device, Optional.empty()))
                  .forEach(devices::add);
            });
    return Answer.json(
        new JsonObject()
            .put("customers", customers)
            .put("devices", devices)
            .put(
                "meta",
                new JsonObject()
                    .put("total_pages", page.pages(found.size()))
                    .put("total_records", found.size())
                    .put("per_page", page.size())
                    .put("page", page.number())));
  }

  private Future<Answer> edit(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product ->
                exchange
                    .fields()
                    .text("password")
                    .map(
                        password ->
                            configuration
                                .by(exchange)
                                .write(
                                    new CustomersRequest.SetPassword(
                                        product.id(), exchange.path("email"), password))
                                .compose(reply -> changed(reply, Answer::ok)))
                    .orElseGet(
                        () -> Future.succeededFuture(Errors.badRequest("password is required"))));
  }

  private Future<Answer> delete(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product ->
                configuration
                    .by(exchange)
                    .write(
                        new CustomersRequest.DeleteCustomer(product.id(), exchange.path("email")))
                    .compose(reply -> changed(reply, () -> Answer.empty(204))));
  }

  private Future<Answer.Whole> changed(
      CustomersReply.ChangeReply reply, Supplier<Answer.Whole> done) {
    return switch (reply) {
      case PeopleReply.Written(var position) -> configuration.seen(position, done);
      case PeopleReply.SignUpRefused(var reason) ->
          Future.succeededFuture(CustomerGrants.refused(reason));
      case CustomersReply.CustomerNotFound _ ->
          Future.succeededFuture(Errors.error(404, "Customer not found."));
      case PeopleReply.DatabaseDown(int seconds) ->
          Future.succeededFuture(ConfigurationClient.unavailable(seconds));
    };
  }

  /** Takes a device from its customer. */
  private Future<Answer> free(Exchange exchange) {
    return access
        .device(exchange)
        .then(
            device ->
                configuration
                    .by(exchange)
                    .<DevicesRequest.FreeDevice>write(
                        new DevicesRequest.FreeDevice(
                            access.account(exchange), device.product(), device.id()),
                        () -> Answer.empty(204),
                        Errors.error(404, "Device not found.")));
  }
}
