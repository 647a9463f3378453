package io.starling.api.orgs;

import io.starling.api.access.Access;
import io.starling.api.region.ConfigurationClient;
import io.starling.api.team.Programs;
import io.starling.api.team.TeamJson;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** Who is in an organization: people by roles, and API users by scopes. */
public final class ColleagueRoutes {
  private static final String ALL = "/v1/orgs/:org/team";
  private static final String ONE = ALL + "/:username";
  private static final String WHICH =
      "role must be owner, administrator, developer, support or view-only";

  private static final Answer.Whole ABSENT = Errors.error(404, "Not in the organization");
  private static final Answer.Whole MORE_THAN_YOURS =
      Errors.oauth(403, "unauthorized", "That is more than you may do in this organization");

  private final Access access;
  private final Directory directory;
  private final ConfigurationClient configuration;
  private final Programs programs;

  /** Routes that read the directory and write by this client. */
  public ColleagueRoutes(Access access, Directory directory, ConfigurationClient configuration) {
    this.access = access;
    this.directory = directory;
    this.configuration = configuration;
    this.programs =
        new Programs(directory, configuration, new Programs.Texts(ABSENT, MORE_THAN_YOURS));
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(HttpMethod.GET, ALL, Scope.TEAMS_USERS_LIST, this::list);
    endpoints.guarded(HttpMethod.POST, ALL, Scope.TEAMS_USERS_INVITE, this::add);
    endpoints.guarded(
        HttpMethod.PUT, ONE, Scope.TEAMS_USERS_UPDATE, exchange -> one(exchange, this::edit));
    endpoints.guarded(
        HttpMethod.PUT,
        ONE + "/token",
        Scope.TEAMS_USERS_UPDATE,
        exchange -> one(exchange, this::renew));
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
        .map(account -> TeamJson.member(account, colleague.role(), colleague.scopes()));
  }

  private Future<Answer> add(Exchange exchange) {
    return access
        .organization(exchange)
        .then(
            organization -> {
              if (exchange.fields().has("friendly_name")) {
                return programs.create(
                    exchange,
                    access.rights(exchange.principal(), organization),
                    (name, scopes) ->
                        new OrganizationsRequest.CreateColleagueProgram(
                            organization.id(), name, scopes));
              }
              String email = exchange.fields().text("username").map(String::strip).orElse("");
              if (email.isEmpty()) {
                return refuse("username or friendly_name is needed");
              }
              var role = role(exchange);
              if (role.isEmpty()) {
                return refuse(WHICH);
              }
              if (!mayGive(exchange, organization, role.get().scopes())) {
                return Future.succeededFuture(MORE_THAN_YOURS);
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
                return Future.succeededFuture(ABSENT);
              }
              return mayGive(exchange, organization, colleague.get().scopes())
                  ? change.apply(exchange, colleague.get())
                  : Future.succeededFuture(MORE_THAN_YOURS);
            });
  }

  private Future<Answer.Whole> edit(Exchange exchange, Entry.Colleague colleague) {
    var rights =
        directory
            .organizations()
            .find(colleague.organization())
            .map(found -> access.rights(exchange.principal(), found))
            .orElse(Set.of());
    if (colleague.role() == null) {
      return programs.edit(
          exchange, colleague.account(), rights, scopes -> renewal(colleague, scopes));
    }
    var role = role(exchange);
    if (role.isEmpty()) {
      return refuse(WHICH);
    }
    if (!rights.containsAll(role.get().scopes())) {
      return Future.succeededFuture(MORE_THAN_YOURS);
    }
    return Changes.answer(
        configuration,
        exchange,
        new OrganizationsRequest.EditColleague(
            colleague.organization(), colleague.account(), role.get().id()),
        Answer::ok,
        ABSENT);
  }

  private Future<Answer.Whole> renew(Exchange exchange, Entry.Colleague colleague) {
    return colleague.role() != null
        ? refuse("Only API users have tokens of their own")
        : programs.renew(
            exchange, colleague.account(), colleague.scopes(), renewal(colleague, List.of()));
  }

  private static OrganizationsRequest.RenewColleagueProgram renewal(
      Entry.Colleague colleague, List<String> scopes) {
    return new OrganizationsRequest.RenewColleagueProgram(
        colleague.organization(), colleague.account(), scopes);
  }

  private Future<Answer.Whole> remove(Exchange exchange, Entry.Colleague colleague) {
    return Changes.answer(
        configuration,
        exchange,
        new OrganizationsRequest.RemoveColleague(colleague.organization(), colleague.account()),
        () -> Answer.empty(204),
        ABSENT);
  }

  private boolean mayGive(Exchange exchange, Entry.Organization organization, Set<Scope> scopes) {
    return access.rights(exchange.principal(), organization).containsAll(scopes);
  }

  private static Optional<Role> role(Exchange exchange) {
    return exchange.fields().text("role").flatMap(Role::named);
  }

  private static Future<Answer.Whole> refuse(String why) {
    return Future.succeededFuture(Errors.badRequest(why));
  }
}
