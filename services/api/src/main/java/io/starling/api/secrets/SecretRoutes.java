package io.starling.api.secrets;

import io.starling.api.access.Access;
import io.starling.api.region.ConfigurationClient;
import io.starling.contract.AccountsReply;
import io.starling.contract.Scope;
import io.starling.contract.SecretsReply;
import io.starling.contract.SecretsRequest;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Keeps secrets, and tells which there are. */
public final class SecretRoutes {
  private static final Answer.Whole ABSENT = Errors.error(404, "Secret not found.");
  private static final List<String> PLACES = List.of("/v1/secrets", "/v1/orgs/:org/secrets");

  private final Access access;
  private final ConfigurationClient configuration;

  /** Routes that ask the accounts service. */
  public SecretRoutes(Access access, ConfigurationClient configuration) {
    this.access = access;
    this.configuration = configuration;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    for (String all : PLACES) {
      String one = all + "/:name";
      endpoints.guarded(HttpMethod.GET, all, Scope.SECRETS_LIST, this::list);
      endpoints.guarded(HttpMethod.POST, all, Scope.SECRETS_UPDATE, this::create);
      endpoints.guarded(HttpMethod.GET, one, Scope.SECRETS_GET, this::get);
      endpoints.guarded(HttpMethod.PUT, one, Scope.SECRETS_UPDATE, this::put);
      endpoints.guarded(HttpMethod.DELETE, one, Scope.SECRETS_REMOVE, this::delete);
    }
  }

  private Future<Answer> list(Exchange exchange) {
    return found(
        exchange,
        secrets -> {
          var shown = new JsonArray();
          secrets.stream().map(SecretJson::of).forEach(shown::add);
          return Answer.json(new JsonObject().put("secrets", shown));
        });
  }

  private Future<Answer> get(Exchange exchange) {
    String name = exchange.path("name");
    return found(
        exchange,
        secrets ->
            secrets.stream()
                .filter(secret -> secret.name().equals(name))
                .findFirst()
                .map(secret -> shown(200, secret))
                .orElse(ABSENT));
  }

  private Future<Answer> found(
      Exchange exchange, Function<List<SecretsReply.Told>, Answer.Whole> answer) {
    return access
        .keeper(exchange)
        .then(
            account ->
                configuration
                    .by(exchange)
                    .write(new SecretsRequest.ListSecrets(account))
                    .map(
                        reply ->
                            switch (reply) {
                              case SecretsReply.SecretsFound(var secrets) -> answer.apply(secrets);
                              case AccountsReply.DatabaseDown(int seconds) ->
                                  Errors.unavailable(
                                      "Secrets cannot be looked up for now, try again", seconds);
                            }));
  }

  private static Answer.Whole shown(int status, SecretsReply.Told secret) {
    return Answer.json(status, new JsonObject().put("secret", SecretJson.of(secret)));
  }

  private Future<Answer> put(Exchange exchange) {
    return keep(exchange, exchange.path("name"), true);
  }

  private Future<Answer> create(Exchange exchange) {
    return keep(exchange, field(exchange, "name").orElse(""), false);
  }

  private static Optional<String> field(Exchange exchange, String name) {
    var fields = exchange.fields();
    return fields.object("secret").text(name).or(() -> fields.text(name));
  }

  private Future<Answer> keep(Exchange exchange, String name, boolean replaces) {
    if (!SecretsRequest.NAME.matcher(name).matches()) {
      return refuse(
          "A secret's name has 1 to 64 capital letters, digits and underscores, and does not begin"
              + " with a digit");
    }
    String value = field(exchange, "value").orElse("");
    int length = value.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length > SecretsRequest.MAX_VALUE_BYTES) {
      return refuse("value must have 1 to " + SecretsRequest.MAX_VALUE_BYTES + " bytes");
    }
    return access
        .keeper(exchange)
        .then(
            account ->
                configuration
                    .by(exchange)
                    .write(new SecretsRequest.PutSecret(account, name, value, replaces))
                    .map(reply -> kept(reply, replaces ? 200 : 201)));
  }

  private static Answer.Whole kept(SecretsReply.PutReply reply, int status) {
    return switch (reply) {
      case SecretsReply.SecretKept(var secret) -> shown(status, secret);
      case SecretsReply.SecretExists _ -> Errors.badRequest("There is a secret of this name");
      case SecretsReply.TooManySecrets _ ->
          Errors.badRequest(
              "There are " + SecretsRequest.MOST + " secrets, as many as there may be");
      case AccountsReply.DatabaseDown(int seconds) -> ConfigurationClient.unavailable(seconds);
    };
  }

  private Future<Answer> delete(Exchange exchange) {
    return access
        .keeper(exchange)
        .then(
            account ->
                configuration
                    .by(exchange)
                    .write(
                        new SecretsRequest.DeleteSecret(account, exchange.path("name")),
                        () -> Answer.empty(204),
                        ABSENT));
  }

  private static Future<Answer> refuse(String why) {
    return Future.succeededFuture(Errors.badRequest(why));
  }
}
