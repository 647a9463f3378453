package io.starling.api.products;

import io.starling.api.access.Access;
import io.starling.api.devices.DeviceJson;
import io.starling.api.region.ConfigurationClient;
import io.starling.api.region.SessionFinder;
import io.starling.bootstrap.cluster.SessionEntry;
import io.starling.contract.AccountsReply;
import io.starling.contract.DeviceId;
import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesRequest;
import io.starling.contract.Scope;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** A product's devices, page by page, and many new ones at once. */
public final class ProductDeviceRoutes {
  private static final int MAX_NEW_DEVICES = 1_000;

  /** Sorting by connection asks for each session; beyond this a filter is needed. */
  private static final int MAX_SORTED_BY_CONNECTION = 10_000;

  private final Vertx vertx;
  private final Access access;
  private final Directory directory;
  private final SessionFinder sessions;
  private final ConfigurationClient configuration;
  private final DeviceJson json;

  /** Routes that read here and write through the accounts service. */
  public ProductDeviceRoutes(
      Vertx vertx,
      Access access,
      Directory directory,
      SessionFinder sessions,
      ConfigurationClient configuration) {
    this.vertx = vertx;
    this.access = access;
    this.directory = directory;
    this.sessions = sessions;
    this.configuration = configuration;
    this.json = new DeviceJson(directory);
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(
        HttpMethod.GET, "/v1/products/:product/devices", Scope.DEVICES_LIST, this::list);
    endpoints.guarded(
        HttpMethod.POST, "/v1/products/:product/devices/bulk", Scope.DEVICES_IMPORT, this::create);
  }

  private Future<Answer> list(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product -> {
              var query = DeviceQuery.of(exchange);
              return query.sort() == DeviceQuery.Sort.LAST_CONNECTION
                  ? byConnection(product, query)
                  : aside(() -> query.find(directory, product.id()))
                      .compose(found -> answer(query, found));
            });
  }

  /** Going through a whole fleet would hold up the event loop. */
  private <T> Future<T> aside(Callable<T> work) {
    return vertx.executeBlocking(work, false);
  }

  private Future<Answer.Whole> byConnection(Entry.Product product, DeviceQuery query) {
    return aside(() -> query.matching(directory, product.id(), MAX_SORTED_BY_CONNECTION))
        .compose(
            matching ->
                matching
                    .map(
                        all ->
                            sessions
                                .find(ids(all))
                                .compose(found -> answer(query, sorted(query, all, found))))
                    .orElseGet(
                        () ->
                            Future.succeededFuture(
                                Errors.badRequest(
                                    "Too many devices to sort by lastConnection, filter them"
                                        + " first"))));
  }

  private static DeviceQuery.Found sorted(
      DeviceQuery query, List<Entry.Device> all, Map<DeviceId, SessionEntry> found) {
    Comparator<Entry.Device> order =
        Comparator.<Entry.Device>comparingLong(
                device -> {
                  var session = found.get(device.id());
                  return session == null ? 0 : session.connectedAtMillis();
                })
            .thenComparing(Entry.Device::id);
    var sorted = all.stream().sorted(query.descending() ? order.reversed() : order).toList();
    return new DeviceQuery.Found(query.pageOf(sorted), sorted.size());
  }

  private Future<Answer.Whole> answer(DeviceQuery query, DeviceQuery.Found found) {
    var page = found.page();
    var meta =
        new JsonObject()
            .put("total_pages", query.page().pages(found.total()))
            .put("total_records", found.total())
            .put("per_page", query.page().size())
            .put("page", query.page().number());
    return sessions
        .find(ids(page))
        .map(
            held ->
                Answer.json(
                    new JsonObject()
                        .put("devices", devices(page, held))
                        .put("customers", customers(page))
                        .put("meta", meta)));
  }

  private static List<DeviceId> ids(List<Entry.Device> devices) {
    return devices.stream().map(Entry.Device::id).toList();
  }

  private JsonArray devices(List<Entry.Device> page, Map<DeviceId, SessionEntry> found) {
    var array = new JsonArray();
    for (Entry.Device device : page) {
      var brief = json.brief(device, Optional.ofNullable(found.get(device.id())));
      array.add(json.inProduct(brief, device, Optional.empty()));
    }
    return array;
  }

  /** Who has devices of the page without owning the product. */
  private JsonArray customers(List<Entry.Device> page) {
    var array = new JsonArray();
    page.stream()
        .flatMap(device -> json.buyer(device).stream())
        .distinct()
        .flatMap(owner -> directory.account(owner).stream())
        .map(
            account ->
                new JsonObject()
                    .put("id", account.id().toString())
                    .put("username", account.email()))
        .forEach(array::add);
    return array;
  }

  private Future<Answer> create(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product -> {
              long count = exchange.fields().number("count").orElse(0L);
              if (count < 1 || count > MAX_NEW_DEVICES) {
                return Future.succeededFuture(
                    Errors.badRequest("count must be from 1 to " + MAX_NEW_DEVICES));
              }
              return configuration
                  .by(exchange)
                  .write(
                      new DevicesRequest.CreateDevices(
                          product.owner(),
                          product.id(),
                          (int) count,
                          exchange.fields().text("claim_secrets").orElse("").equals("true")))
                  .compose(this::created);
            });
  }

  private Future<Answer.Whole> created(DevicesReply.CreateDevicesReply reply) {
    return switch (reply) {
      case DevicesReply.DevicesCreated(var devices, var position) ->
          configuration.seen(position, () -> told(devices));
      case AccountsReply.NotFound _ ->
          Future.succeededFuture(Errors.error(404, "Product not found."));
      case AccountsReply.DatabaseDown(int seconds) ->
          Future.succeededFuture(ConfigurationClient.unavailable(seconds));
    };
  }

  private static Answer.Whole told(List<DevicesReply.NewDevice> devices) {
    var array = new JsonArray();
    for (DevicesReply.NewDevice device : devices) {
      var json = new JsonObject().put("id", device.id().toString()).put("secret", device.secret());
      String claimSecret = device.claimSecret();
      array.add(claimSecret == null ? json : json.put("claim_secret", claimSecret));
    }
    return Answer.json(201, new JsonObject().put("devices", array));
  }
}
