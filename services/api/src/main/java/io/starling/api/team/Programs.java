package io.starling.api.team;

import io.starling.api.region.ConfigurationClient;
import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.Request;
import io.starling.contract.Role;
import io.starling.contract.Scope;
import io.starling.contract.TeamsReply.MemberRefused;
import io.starling.contract.TeamsReply.ProgramReply;
import io.starling.contract.TeamsReply.ProgramToken;
import io.starling.directory.Directory;
import io.starling.http.Answer;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Makes API users, and gives them tokens, for whoever may. */
public final class Programs {
  private static final int MAX_NAME = 64;

  private final Directory directory;
  private final ConfigurationClient configuration;
  private final Texts texts;

  /** What is told where something may not be. */
  public record Texts(Answer.Whole absent, Answer.Whole moreThanYours) {}

  /** API users of one kind of team. */
  public Programs(Directory directory, ConfigurationClient configuration, Texts texts) {
    this.directory = directory;
    this.configuration = configuration;
    this.texts = texts;
  }

  /**
   * Makes one.
   *
   * @param rights what the caller may do there himself
   * @param request by its name and scopes
   */
  public <Q extends Request<ProgramReply>> Future<Answer.Whole> create(
      Exchange exchange, Set<Scope> rights, BiFunction<String, List<String>, Q> request) {
    String name = exchange.fields().text("friendly_name").map(String::strip).orElse("");
    if (name.isEmpty() || name.length() > MAX_NAME) {
      return refuse("friendly_name must have 1 to " + MAX_NAME + " characters");
    }
    return withScopes(
        exchange,
        rights,
        scopes ->
            configuration
                .by(exchange)
                .write(request.apply(name, scopes))
                .compose(reply -> told(reply, name, scopes)));
  }

  /** Gives one other scopes, and with them a new token. */
  public <Q extends Request<ProgramReply>> Future<Answer.Whole> edit(
      Exchange exchange, AccountId program, Set<Scope> rights, Function<List<String>, Q> request) {
    return withScopes(
        exchange, rights, scopes -> renew(exchange, program, scopes, request.apply(scopes)));
  }

  /** Gives one a new token for the scopes that it has. */
  public <Q extends Request<ProgramReply>> Future<Answer.Whole> renew(
      Exchange exchange, AccountId program, Collection<Scope> scopes, Q request) {
    return renew(exchange, program, scopes.stream().map(Scope::text).toList(), request);
  }

  private <Q extends Request<ProgramReply>> Future<Answer.Whole> renew(
      Exchange exchange, AccountId program, List<String> scopes, Q request) {
    String name = directory.account(program).map(TeamJson::friendlyName).orElse("");
    return configuration.by(exchange).write(request).compose(reply -> told(reply, name, scopes));
  }

  private Future<Answer.Whole> withScopes(
      Exchange exchange, Set<Scope> rights, Function<List<String>, Future<Answer.Whole>> next) {
    Set<Scope> scopes;
    try {
      scopes = scopes(exchange);
    } catch (IllegalArgumentException e) {
      return refuse(String.valueOf(e.getMessage()));
    }
    if (scopes.isEmpty()) {
      return refuse("scopes must be a list of at least one scope");
    }
    return rights.containsAll(scopes)
        ? next.apply(scopes.stream().map(Scope::text).toList())
        : Future.succeededFuture(texts.moreThanYours());
  }

  /** None where none are told. */
  private static Set<Scope> scopes(Exchange exchange) {
    var scopes = EnumSet.noneOf(Scope.class);
    if (exchange.fields().all().getValue("scopes") instanceof JsonArray names) {
      for (Object name : names) {
        scopes.add(
            Scope.named(String.valueOf(name))
                .filter(Role.OWNER.scopes()::contains)
                .orElseThrow(() -> new IllegalArgumentException("Unknown scope: " + name)));
      }
    }
    return scopes;
  }

  private Future<Answer.Whole> told(ProgramReply reply, String name, List<String> scopes) {
    return switch (reply) {
      case ProgramToken made ->
          configuration.seen(made.position(), () -> shown(made, name, scopes));
      case MemberRefused(var reason) -> Future.succeededFuture(refused(reason));
      case AccountsReply.NotFound _ -> Future.succeededFuture(texts.absent());
      case AccountsReply.DatabaseDown(int seconds) ->
          Future.succeededFuture(ConfigurationClient.unavailable(seconds));
    };
  }

  private static Answer.Whole shown(ProgramToken made, String name, List<String> scopes) {
    var tokens = new JsonArray().add(new JsonObject().put("token", made.token()));
    return Answer.json(
        new JsonObject()
            .put("ok", true)
            .put("created", TeamJson.program(made.username(), name, scopes).put("tokens", tokens)));
  }

  /** Why somebody was not taken in. */
  public static Answer.Whole refused(MemberRefused.Reason reason) {
    return switch (reason) {
      case UNKNOWN -> Errors.error(404, "There is no user of that name");
      case IN_IT_ALREADY -> Errors.badRequest("Already a member of the team");
      case TOO_MANY -> Errors.badRequest("The team has as many members as it may have");
    };
  }

  private static Future<Answer.Whole> refuse(String why) {
    return Future.succeededFuture(Errors.badRequest(why));
  }
}
