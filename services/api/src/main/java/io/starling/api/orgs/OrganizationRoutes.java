package io.starling.api.orgs;

import io.starling.api.access.Access;
import io.starling.api.access.NotYours;
import io.starling.api.region.ConfigurationClient;
import io.starling.contract.AccountsReply;
import io.starling.contract.OrganizationsReply;
import io.starling.contract.OrganizationsRequest;
import io.starling.contract.Scope;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.starling.http.Fields;
import io.starling.http.Timestamps;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** Listing, looking at, making, renaming and deleting organizations. */
public final class OrganizationRoutes {
  private static final String ALL = "/v1/orgs";
  private static final String ONE = ALL + "/:org";
  private static final int MAX_NAME_LENGTH = 128;

  private final Access access;
  private final Directory directory;
  private final ConfigurationClient configuration;

  /** Routes that read the directory and write by this client. */
  public OrganizationRoutes(Access access, Directory directory, ConfigurationClient configuration) {
    this.access = access;
    this.directory = directory;
    this.configuration = configuration;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(HttpMethod.GET, ALL, Scope.ORGANIZATION_GET, this::list);
    endpoints.guarded(HttpMethod.POST, ALL, Scope.ORGANIZATION_CREATE, this::create);
    endpoints.guarded(HttpMethod.GET, ONE, Scope.ORGANIZATION_GET, this::get);
    endpoints.guarded(HttpMethod.PUT, ONE, Scope.ORGANIZATION_UPDATE, this::rename);
    endpoints.guarded(HttpMethod.DELETE, ONE, Scope.ORGANIZATION_REMOVE, this::delete);
  }

  /** An organization as the API shows it. */
  public static JsonObject json(Entry.Organization organization) {
    return new JsonObject()
        .put("id", organization.id().toString())
        .put("slug", organization.slug())
        .put("name", organization.name())
        .put("created_at", Timestamps.of(organization.createdAt()));
  }

  private Future<Answer.Whole> list(Exchange exchange) {
    var shown = new JsonArray();
    directory.organizations().of(exchange.principal().account()).stream()
        .flatMap(in -> directory.organizations().find(in.organization()).stream())
        .map(OrganizationRoutes::json)
        .forEach(shown::add);
    return Future.succeededFuture(Answer.json(new JsonObject().put("organizations", shown)));
  }

  private Future<Answer> get(Exchange exchange) {
    return access
        .organization(exchange)
        .then(
            organization ->
                Future.succeededFuture(
                    Answer.json(new JsonObject().put("organization", json(organization)))));
  }

  /** As the directory has it by now. */
  private Answer.Whole saved(int status, Entry.Organization before) {
    var now = directory.organizations().find(before.id()).orElse(before);
    return Answer.json(status, new JsonObject().put("ok", true).put("organization", json(now)));
  }

  private Future<Answer.Whole> create(Exchange exchange) {
    var name = name(exchange);
    if (name.isEmpty()) {
      return wrongName();
    }
    return configuration
        .by(exchange)
        .write(
            new OrganizationsRequest.CreateOrganization(exchange.principal().account(), name.get()))
        .compose(
            reply ->
                switch (reply) {
                  case OrganizationsReply.OrganizationCreated(var id, var position) ->
                      configuration.seen(
                          position,
                          () ->
                              directory
                                  .organizations()
                                  .find(id)
                                  .map(made -> saved(201, made))
                                  .orElseGet(
                                      () ->
                                          Answer.json(
                                              201,
                                              new JsonObject()
                                                  .put("ok", true)
                                                  .put("id", id.toString()))));
                  case OrganizationsReply.TooManyOrganizations _ ->
                      Future.succeededFuture(
                          Errors.badRequest("You are in as many organizations as you may be in"));
                  case AccountsReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(ConfigurationClient.unavailable(seconds));
                });
  }

  private Future<Answer> rename(Exchange exchange) {
    return access
        .organization(exchange)
        .then(
            organization -> {
              var name = name(exchange);
              if (name.isEmpty()) {
                return wrongName();
              }
              return configuration
                  .by(exchange)
                  .write(
                      new OrganizationsRequest.EditOrganization(organization.id(), name.get()),
                      () -> saved(200, organization),
                      NotYours.organization());
            });
  }

  private Future<Answer> delete(Exchange exchange) {
    return access
        .organization(exchange)
        .then(
            organization ->
                Changes.answer(
                    configuration,
                    exchange,
                    new OrganizationsRequest.DeleteOrganization(organization.id()),
                    () -> Answer.empty(204),
                    NotYours.organization()));
  }

  private static Optional<String> name(Exchange exchange) {
    Fields wrapped = exchange.fields().object("organization");
    Fields fields = wrapped.has("name") ? wrapped : exchange.fields();
    return fields
        .text("name")
        .map(String::strip)
        .filter(name -> !name.isEmpty() && name.length() <= MAX_NAME_LENGTH);
  }

  private static Future<Answer.Whole> wrongName() {
    return Future.succeededFuture(
        Errors.badRequest("name must have 1 to " + MAX_NAME_LENGTH + " characters"));
  }
}
