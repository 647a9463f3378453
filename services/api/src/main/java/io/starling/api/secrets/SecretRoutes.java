package io.starling.api.secrets;

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
  private static final String SECRETS = "/v1/secrets";
  private static final String SECRET = SECRETS + "/:name";

  private final ConfigurationClient configuration;

  /** Routes that ask the accounts service. */
  public SecretRoutes(ConfigurationClient configuration) {
    this.configuration = configuration;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(HttpMethod.GET, SECRETS, Scope.SECRETS_LIST, this::list);
    endpoints.guarded(HttpMethod.POST, SECRETS, Scope.SECRETS_UPDATE, this::create);
    endpoints.guarded(HttpMethod.GET, SECRET, Scope.SECRETS_GET, this::get);
    endpoints.guarded(HttpMethod.PUT, SECRET, Scope.SECRETS_UPDATE, this::put);
    endpoints.guarded(HttpMethod.DELETE, SECRET, Scope.SECRETS_REMOVE, this::delete);
  }

  private Future<Answer.Whole> list(Exchange exchange) {
    return found(
        exchange,
        secrets -> {
          var shown = new JsonArray();
          secrets.stream().map(SecretJson::of).forEach(shown::add);
          return Answer.json(new JsonObject().put("secrets", shown));
        });
  }

  private Future<Answer.Whole> get(Exchange exchange) {
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

  private Future<Answer.Whole> found(
      Exchange exchange, Function<List<SecretsReply.Told>, Answer.Whole> answer) {
    return configuration
        .by(exchange)
        .write(new SecretsRequest.ListSecrets(exchange.principal().account()))
        .map(
            reply ->
                switch (reply) {
                  case SecretsReply.SecretsFound(var secrets) -> answer.apply(secrets);
                  case AccountsReply.DatabaseDown(int seconds) ->
                      Errors.unavailable("Secrets cannot be looked up for now, try again", seconds);
                });
  }

  private static Answer.Whole shown(int status, SecretsReply.Told secret) {
    return Answer.json(status, new JsonObject().put("secret", SecretJson.of(secret)));
  }

  private Future<Answer.Whole> put(Exchange exchange) {
    return keep(exchange, exchange.path("name"), true);
  }

  private Future<Answer.Whole> create(Exchange exchange) {
    return keep(exchange, field(exchange, "name").orElse(""), false);
  }

  private static Optional<String> field(Exchange exchange, String name) {
    var fields = exchange.fields();
    return fields.object("secret").text(name).or(() -> fields.text(name));
  }

  private Future<Answer.Whole> keep(Exchange exchange, String name, boolean replaces) {
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
    return configuration
        .by(exchange)
        .write(new SecretsRequest.PutSecret(exchange.principal().account(), name, value, replaces))
        .map(reply -> kept(reply, replaces ? 200 : 201));
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

  private Future<Answer.Whole> delete(Exchange exchange) {
    var request =
        new SecretsRequest.DeleteSecret(exchange.principal().account(), exchange.path("name"));
    return configuration.by(exchange).write(request, () -> Answer.empty(204), ABSENT);
  }

  private static Future<Answer.Whole> refuse(String why) {
    return Future.succeededFuture(Errors.badRequest(why));
  }
}
