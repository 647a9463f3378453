package io.starling.api.orgs;

import io.starling.api.access.Access;
import io.starling.api.region.ConfigurationClient;
import io.starling.contract.AccountsReply;
import io.starling.contract.OrganizationsRequest;
import io.starling.contract.Role;
import io.starling.contract.Scope;
import io.starling.contract.TeamsReply;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** Who is in an organization, and in which role. */
public final class ColleagueRoutes {
  private static final String ALL = "/v1/orgs/:org/team";
  private static final String ONE = ALL + "/:username";
  private static final String WHICH =
      "role must be owner, administrator, developer, support or view-only";

  private final Access access;
  private final Directory directory;
  private final ConfigurationClient configuration;

  /** Routes that read the directory and write by this client. */
  public ColleagueRoutes(Access access, Directory directory, ConfigurationClient configuration) {
    this.access = access;
    this.directory = directory;
    this.configuration = configuration;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(HttpMethod.GET, ALL, Scope.TEAMS_USERS_LIST, this::list);
    endpoints.guarded(HttpMethod.POST, ALL, Scope.TEAMS_USERS_INVITE, this::add);
    endpoints.guarded(
        HttpMethod.PUT, ONE, Scope.TEAMS_USERS_UPDATE, exchange -> one(exchange, this::edit));
    endpoints.guarded(
        HttpMethod.DELETE, ONE, Scope.TEAMS_USERS_REMOVE, exchange -> one(exchange, this::remove));
  }

  private Future<Answer> list(Exchange exchange) {
    return access
        .organization(exchange)
        .then(
            organization -> {
              var team = new JsonArray();
              directory.organizations().in(organization.id()).stream()
                  .flatMap(colleague -> json(colleague).stream())
                  .forEach(team::add);
              return Future.succeededFuture(
                  Answer.json(new JsonObject().put("ok", true).put("team", team)));
            });
  }

  private Optional<JsonObject> json(Entry.Colleague colleague) {
    return directory
        .account(colleague.account())
        .map(
            account ->
                new JsonObject()
                    .put("username", account.email())
                    .put("role", json(colleague.role()))
                    .put("is_programmatic", false)
                    .put("no_mfa", !account.mfa()));
  }

  /** A role as the API shows it. */
  public static JsonObject json(Role role) {
    return new JsonObject().put("id", role.id()).put("name", role.title());
  }

  private Future<Answer> add(Exchange exchange) {
    return access
        .organization(exchange)
        .then(
            organization -> {
              String email = exchange.fields().text("username").map(String::strip).orElse("");
              if (email.isEmpty()) {
                return refuse("username is needed");
              }
              var role = role(exchange);
              if (role.isEmpty()) {
                return refuse(WHICH);
              }
              if (!mayGive(exchange, organization, role.get().scopes())) {
                return Future.succeededFuture(moreThanYours());
              }
              return add(exchange, organization, email, role.get());
            });
  }

  private Future<Answer.Whole> add(
      Exchange exchange, Entry.Organization organization, String email, Role role) {
    return configuration
        .by(exchange)
        .write(new OrganizationsRequest.AddColleague(organization.id(), email, role.id()))
        .compose(
            reply ->
                switch (reply) {
                  case TeamsReply.MemberAdded(_, var position) ->
                      configuration.seen(position, Answer::ok);
                  case TeamsReply.MemberRefused(var reason) ->
                      Future.succeededFuture(
                          switch (reason) {
                            case UNKNOWN -> Errors.error(404, "There is no user of that name");
                            case IN_IT_ALREADY -> Errors.badRequest("Already in the organization");
                            case TOO_MANY ->
                                Errors.badRequest(
                                    "The organization has as many members as it may have, or he"
                                        + " is in as many organizations");
                          });
                  case AccountsReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(ConfigurationClient.unavailable(seconds));
                });
  }

  /** Goes on with the member of the path, if the caller may change him. */
  private Future<Answer> one(
      Exchange exchange, BiFunction<Exchange, Entry.Colleague, Future<Answer.Whole>> change) {
    return access
        .organization(exchange)
        .then(
            organization -> {
              var colleague =
                  directory
                      .accountByEmail(exchange.path("username"))
                      .flatMap(
                          found -> directory.organizations().find(organization.id(), found.id()));
              if (colleague.isEmpty()) {
                return Future.succeededFuture(absent());
              }
              return mayGive(exchange, organization, colleague.get().role().scopes())
                  ? change.apply(exchange, colleague.get())
                  : Future.succeededFuture(moreThanYours());
            });
  }

  private Future<Answer.Whole> edit(Exchange exchange, Entry.Colleague colleague) {
    var role = role(exchange);
    if (role.isEmpty()) {
      return refuse(WHICH);
    }
    var organization = directory.organizations().find(colleague.organization());
    if (organization.isEmpty() || !mayGive(exchange, organization.get(), role.get().scopes())) {
      return Future.succeededFuture(moreThanYours());
    }
    return Changes.answer(
        configuration,
        exchange,
        new OrganizationsRequest.EditColleague(
            colleague.organization(), colleague.account(), role.get().id()),
        Answer::ok,
        absent());
  }

  private Future<Answer.Whole> remove(Exchange exchange, Entry.Colleague colleague) {
    return Changes.answer(
        configuration,
        exchange,
        new OrganizationsRequest.RemoveColleague(colleague.organization(), colleague.account()),
        () -> Answer.empty(204),
        absent());
  }

  private boolean mayGive(Exchange exchange, Entry.Organization organization, Set<Scope> scopes) {
    return access.rights(exchange.principal(), organization).containsAll(scopes);
  }

  private static Optional<Role> role(Exchange exchange) {
    return exchange.fields().text("role").flatMap(Role::named);
  }

  private static Answer.Whole moreThanYours() {
    return Errors.oauth(403, "unauthorized", "That is more than you may do in this organization");
  }

  private static Answer.Whole absent() {
    return Errors.error(404, "Not in the organization");
  }

  private static Future<Answer.Whole> refuse(String why) {
    return Future.succeededFuture(Errors.badRequest(why));
  }
}
