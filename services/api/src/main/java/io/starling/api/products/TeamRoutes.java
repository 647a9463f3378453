package io.starling.api.products;

import io.starling.api.access.Access;
import io.starling.api.region.ConfigurationClient;
import io.starling.api.team.Programs;
import io.starling.api.team.TeamJson;
import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.Role;
import io.starling.contract.Scope;
import io.starling.contract.TeamsReply;
import io.starling.contract.TeamsRequest;
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

/**
 * The team of a product: people by roles, and API users by scopes. Nobody gives what he does not
 * have himself, and nobody changes somebody who may do more than he.
 */
public final class TeamRoutes {
  private static final String ALL = "/v1/products/:product/team";
  private static final String ONE = ALL + "/:username";
  private static final Answer.Whole ABSENT = Errors.error(404, "Not a member of the team");
  private static final Answer.Whole MORE_THAN_YOURS =
      Errors.oauth(403, "unauthorized", "That is more than you may do in this product");

  private final Access access;
  private final Directory directory;
  private final ConfigurationClient configuration;
  private final Programs programs;

  /** Routes that read the directory and write by this client. */
  public TeamRoutes(Access access, Directory directory, ConfigurationClient configuration) {
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
        HttpMethod.PUT, ONE, Scope.TEAMS_USERS_UPDATE, exchange -> member(exchange, this::edit));
    endpoints.guarded(
        HttpMethod.PUT,
        ONE + "/token",
        Scope.TEAMS_USERS_UPDATE,
        exchange -> member(exchange, (_, member) -> renew(exchange, member)));
    endpoints.guarded(
        HttpMethod.DELETE,
        ONE,
        Scope.TEAMS_USERS_REMOVE,
        exchange -> member(exchange, (_, member) -> remove(exchange, member)));
  }

  private Future<Answer> list(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product -> {
              var team = new JsonArray();
              directory
                  .account(product.owner())
                  .ifPresent(owner -> team.add(TeamJson.person(owner.email(), Role.OWNER)));
              directory.teams().of(product.id()).stream()
                  .flatMap(member -> json(member).stream())
                  .forEach(team::add);
              return Future.succeededFuture(
                  Answer.json(new JsonObject().put("ok", true).put("team", team)));
            });
  }

  private Optional<JsonObject> json(Entry.Member member) {
    return directory
        .account(member.account())
        .map(account -> TeamJson.member(account, member.role(), member.scopes()));
  }

  private Future<Answer> add(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product -> {
              try {
                return exchange.fields().has("friendly_name")
                    ? programs.create(
                        exchange,
                        access.rights(exchange.principal(), product),
                        (name, scopes) ->
                            new TeamsRequest.CreateProgram(product.id(), name, scopes))
                    : addPerson(exchange, product);
              } catch (IllegalArgumentException e) {
                return refuse(String.valueOf(e.getMessage()));
              }
            });
  }

  private Future<Answer.Whole> addPerson(Exchange exchange, Entry.Product product) {
    String email = exchange.fields().text("username").map(String::strip).orElse("");
    if (email.isEmpty()) {
      throw new IllegalArgumentException("username or friendly_name is needed");
    }
    var role = role(exchange).orElse(Role.DEVELOPER);
    if (!access.rights(exchange.principal(), product).containsAll(role.scopes())) {
      return Future.succeededFuture(MORE_THAN_YOURS);
    }
    return configuration
        .by(exchange)
        .write(new TeamsRequest.AddMember(product.id(), email, role.id()))
        .compose(
            reply ->
                switch (reply) {
                  case TeamsReply.MemberAdded(_, var position) ->
                      configuration.seen(position, Answer::ok);
                  case TeamsReply.MemberRefused(var reason) ->
                      Future.succeededFuture(Programs.refused(reason));
                  case AccountsReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(ConfigurationClient.unavailable(seconds));
                });
  }

  /** Goes on with the member of the path, if the caller may change him. */
  private Future<Answer> member(
      Exchange exchange, BiFunction<Exchange, Entry.Member, Future<Answer.Whole>> change) {
    return access
        .product(exchange)
        .then(
            product -> {
              var member =
                  directory
                      .accountByEmail(exchange.path("username"))
                      .flatMap(found -> directory.teams().member(product.id(), found.id()));
              if (member.isEmpty()) {
                return Future.succeededFuture(ABSENT);
              }
              var rights = access.rights(exchange.principal(), product);
              return rights.containsAll(member.get().scopes())
                  ? change.apply(exchange, member.get())
                  : Future.succeededFuture(MORE_THAN_YOURS);
            });
  }

  private Future<Answer.Whole> edit(Exchange exchange, Entry.Member member) {
    try {
      var product = directory.product(member.product());
      Set<Scope> rights =
          product.map(found -> access.rights(exchange.principal(), found)).orElse(Set.of());
      return member.role() == null
          ? programs.edit(
              exchange,
              member.account(),
              rights,
              scopes -> new TeamsRequest.RenewProgram(member.product(), member.account(), scopes))
          : editPerson(
              exchange,
              member,
              role(exchange).orElseThrow(() -> new IllegalArgumentException("role is needed")),
              rights);
    } catch (IllegalArgumentException e) {
      return refuse(String.valueOf(e.getMessage()));
    }
  }

  private Future<Answer.Whole> editPerson(
      Exchange exchange, Entry.Member member, Role role, Set<Scope> rights) {
    return rights.containsAll(role.scopes())
        ? configuration
            .by(exchange)
            .write(
                new TeamsRequest.EditMember(member.product(), member.account(), role.id()),
                Answer::ok,
                ABSENT)
        : Future.succeededFuture(MORE_THAN_YOURS);
  }

  private Future<Answer.Whole> renew(Exchange exchange, Entry.Member member) {
    return member.role() != null
        ? refuse("Only API users have tokens of their own")
        : programs.renew(
            exchange,
            member.account(),
            member.scopes(),
            new TeamsRequest.RenewProgram(member.product(), member.account(), List.of()));
  }

  private Future<Answer.Whole> remove(Exchange exchange, Entry.Member member) {
    return configuration
        .by(exchange)
        .write(
            new TeamsRequest.RemoveMember(member.product(), member.account()),
            () -> Answer.empty(204),
            ABSENT);
  }

  private static Optional<Role> role(Exchange exchange) {
    return exchange
        .fields()
        .text("role")
        .map(
            text ->
                Role.named(text)
                    .filter(role -> role != Role.OWNER)
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                "role must be administrator, developer, support or view-only")));
  }

  private static Future<Answer.Whole> refuse(String why) {
    return Future.succeededFuture(Errors.badRequest(why));
  }

  /** The products that somebody works on, beside his own. */
  static List<Integer> productsOf(Directory directory, AccountId account) {
    return directory.teams().membershipsOf(account).stream()
        .filter(member -> member.scopes().contains(Scope.PRODUCTS_GET))
        .map(Entry.Member::product)
        .toList();
  }
}
