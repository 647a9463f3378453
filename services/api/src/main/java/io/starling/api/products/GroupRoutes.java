package io.starling.api.products;

import io.starling.api.access.Access;
import io.starling.api.devices.EditFields;
import io.starling.api.region.ConfigurationClient;
import io.starling.contract.AccountsReply;
import io.starling.contract.DeviceId;
import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesRequest;
import io.starling.contract.ProductsReply;
import io.starling.contract.ProductsRequest;
import io.starling.contract.Scope;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.starling.http.Fields;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The groups of a product, and many devices put into them at once. */
public final class GroupRoutes {
  private static final String ALL = "/v1/products/:product/groups";
  private static final String ONE = ALL + "/:group";
  private static final int MAX_DEVICES = 1_000;
  private static final int MAX_DESCRIPTION = 1_024;
  private static final String NAME = "[a-z0-9_-]{1,30}";
  private static final String COLOR = "#?[0-9A-Za-z]{0,30}";

  private final Access access;
  private final Directory directory;
  private final ConfigurationClient configuration;

  /** Routes that read here and write through the accounts service. */
  public GroupRoutes(Access access, Directory directory, ConfigurationClient configuration) {
    this.access = access;
    this.directory = directory;
    this.configuration = configuration;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(HttpMethod.GET, ALL, Scope.GROUPS_LIST, this::list);
    endpoints.guarded(HttpMethod.POST, ALL, Scope.GROUPS_CREATE, this::create);
    endpoints.guarded(HttpMethod.GET, ONE, Scope.GROUPS_GET, this::get);
    endpoints.guarded(HttpMethod.PUT, ONE, Scope.GROUPS_UPDATE, this::edit);
    endpoints.guarded(HttpMethod.DELETE, ONE, Scope.GROUPS_REMOVE, this::delete);
    endpoints.guarded(
        HttpMethod.PUT, "/v1/products/:product/devices", Scope.DEVICES_UPDATE, this::regroup);
  }

  private Future<Answer> list(Exchange exchange) {
    String part = exchange.query("name").orElse("").toLowerCase(Locale.ROOT);
    return access
        .product(exchange)
        .then(
            product -> {
              var groups = new JsonArray();
              directory.groupsOf(product.id()).stream()
                  .filter(group -> group.name().contains(part))
                  .map(this::json)
                  .forEach(groups::add);
              return Future.succeededFuture(Answer.json(new JsonObject().put("groups", groups)));
            });
  }

  private JsonObject json(Entry.DeviceGroup group) {
    return new JsonObject()
        .put("name", group.name())
        .put("description", group.description())
        .put("color", group.color())
        .put("fw_version", null)
        .put("device_count", directory.fleetIn(group.product()).inGroup(group.id()).size());
  }

  private Future<Answer> get(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product ->
                Future.succeededFuture(
                    directory
                        .group(product.id(), exchange.path("group"))
                        .map(group -> answer(200, group))
                        .orElseGet(GroupRoutes::absent)));
  }

  private Answer.Whole answer(int status, Entry.DeviceGroup group) {
    return Answer.json(status, new JsonObject().put("ok", true).put("group", json(group)));
  }

  private static Answer.Whole absent() {
    return Errors.error(404, "Group not found.");
  }

  private Future<Answer> create(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product -> {
              var fields = exchange.fields();
              var wrong = wrong(fields).or(() -> missing(fields));
              if (wrong.isPresent()) {
                return Future.succeededFuture(wrong.get());
              }
              String name = fields.text("name").orElse("");
              return configuration
                  .by(exchange)
                  .write(
                      new ProductsRequest.CreateGroup(
                          product.owner(),
                          product.id(),
                          name,
                          fields.text("description").orElse(""),
                          fields.text("color").orElse("")))
                  .compose(reply -> saved(201, product, name, reply));
            });
  }

  private static Optional<Answer.Whole> missing(Fields fields) {
    return fields.has("name") ? Optional.empty() : Optional.of(Errors.badRequest(NAME_RULE));
  }

  private static final String NAME_RULE =
      "name must have 1 to 30 lower-case letters, digits, - and _";

  /** What is wrong with those fields that are there. */
  private static Optional<Answer.Whole> wrong(Fields fields) {
    if (fields.has("name") && !fields.text("name").orElse("").matches(NAME)) {
      return Optional.of(Errors.badRequest(NAME_RULE));
    }
    if (fields.text("description").orElse("").length() > MAX_DESCRIPTION) {
      return Optional.of(
          Errors.badRequest("description is longer than " + MAX_DESCRIPTION + " characters"));
    }
    return fields.text("color").orElse("").matches(COLOR)
        ? Optional.empty()
        : Optional.of(Errors.badRequest("color must be a name, or # and hexadecimal digits"));
  }

  private Future<Answer> edit(Exchange exchange) {
    String group = exchange.path("group");
    return access
        .product(exchange)
        .then(
            product -> {
              var fields = exchange.fields();
              var wrong = wrong(fields);
              return wrong.isPresent()
                  ? Future.succeededFuture(wrong.get())
                  : configuration
                      .by(exchange)
                      .write(
                          new ProductsRequest.EditGroup(
                              product.owner(),
                              product.id(),
                              group,
                              fields.text("name").orElse(null),
                              fields.text("description").orElse(null),
                              fields.text("color").orElse(null)))
                      .compose(
                          reply -> saved(200, product, fields.text("name").orElse(group), reply));
            });
  }

  private Future<Answer.Whole> saved(
      int status, Entry.Product product, String name, ProductsReply.GroupReply reply) {
    return switch (reply) {
      case ProductsReply.GroupSaved(_, var position) ->
          configuration.seen(
              position,
              () ->
                  directory
                      .group(product.id(), name)
                      .map(group -> answer(status, group))
                      .orElseGet(
                          () ->
                              Answer.json(
                                  status,
                                  new JsonObject()
                                      .put("ok", true)
                                      .put("group", new JsonObject().put("name", name)))));
      case ProductsReply.GroupRefused(var reason) ->
          Future.succeededFuture(
              switch (reason) {
                case NAME_IN_USE -> Errors.badRequest("The product has a group of this name");
                case TOO_MANY -> Errors.badRequest("The product has too many groups");
              });
      case AccountsReply.NotFound _ -> Future.succeededFuture(absent());
      case AccountsReply.DatabaseDown(int seconds) ->
          Future.succeededFuture(ConfigurationClient.unavailable(seconds));
    };
  }

  private Future<Answer> delete(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product ->
                configuration
                    .by(exchange)
                    .write(
                        new ProductsRequest.DeleteGroup(
                            product.owner(), product.id(), exchange.path("group")),
                        () -> Answer.empty(204),
                        absent()));
  }

  /** Of many devices at once only the groups can be changed. */
  private Future<Answer> regroup(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product -> {
              try {
                return regroup(exchange, product, exchange.fields());
              } catch (IllegalArgumentException e) {
                return Future.succeededFuture(Errors.badRequest(String.valueOf(e.getMessage())));
              }
            });
  }

  private Future<Answer.Whole> regroup(Exchange exchange, Entry.Product product, Fields fields) {
    if (!fields.text("action").orElse("").equals("groups")) {
      throw new IllegalArgumentException("action must be groups");
    }
    var change = fields.object("metadata");
    if (!change.has("add") && !change.has("remove")) {
      throw new IllegalArgumentException("metadata must have add or remove");
    }
    var request =
        new DevicesRequest.RegroupDevices(
            product.owner(),
            product.id(),
            devices(fields),
            change.has("add") ? EditFields.names(change, "add") : List.of(),
            change.has("remove") ? EditFields.names(change, "remove") : List.of());
    return configuration
        .by(exchange)
        .write(request)
        .compose(
            reply ->
                switch (reply) {
                  case DevicesReply.Edited(var position) ->
                      configuration.seen(position, Answer::ok);
                  case DevicesReply.EditRefused(var reason) ->
                      Future.succeededFuture(EditFields.refused(reason));
                  case AccountsReply.NotFound _ ->
                      Future.succeededFuture(Errors.error(404, "Product not found."));
                  case AccountsReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(ConfigurationClient.unavailable(seconds));
                });
  }

  private static List<DeviceId> devices(Fields fields) {
    if (!(fields.all().getValue("devices") instanceof JsonArray ids)
        || ids.isEmpty()
        || ids.size() > MAX_DEVICES
        || !ids.stream().allMatch(id -> id instanceof String text && DeviceId.isValid(text))) {
      throw new IllegalArgumentException("devices must be 1 to " + MAX_DEVICES + " ids");
    }
    return ids.stream().map(id -> DeviceId.of((String) id)).distinct().toList();
  }
}
