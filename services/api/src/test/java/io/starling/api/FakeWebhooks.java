package io.starling.api;

import io.starling.contract.AccountId;
import io.starling.contract.IntegrationId;
import io.starling.contract.WebhooksReply;
import io.starling.contract.WebhooksRequest;
import io.starling.directory.SigningSecret;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The webhooks service, as far as the API asks it. */
final class FakeWebhooks {
  private final FakeDirectory directory;
  private final Map<String, JsonObject> keys = new ConcurrentHashMap<>();

  FakeWebhooks(FakeDirectory directory) {
    this.directory = directory;
  }

  WebhooksReply write(WebhooksRequest request) {
    return switch (request) {
      case WebhooksRequest.CreateIntegration(var account, var configuration) ->
          save(account, IntegrationId.create(), new JsonObject(configuration));
      case WebhooksRequest.EditIntegration(var account, var id, var configuration) ->
          save(account, id, new JsonObject(configuration));
      case WebhooksRequest.MoveIntegrations _ ->
          throw new AssertionError("nobody asks for that here");
      case WebhooksRequest.DeleteIntegration(_, var id) -> {
        directory.remove("integration", id.toString());
        yield new WebhooksReply.Deleted(directory.end());
      }
      case WebhooksRequest.TestIntegration _ ->
          new WebhooksReply.Tested(
              WebhooksReply.Tested.Outcome.REFUSED, 404, "endpoint answered 404");
      case WebhooksRequest.CreateSigningKey create -> key(create);
      case WebhooksRequest.DeleteSigningKey delete -> delete(delete);
    };
  }

  private WebhooksReply save(AccountId account, IntegrationId id, JsonObject configuration) {
    if (configuration.getString("url") == null) {
      return new WebhooksReply.Invalid("url is required");
    }
    directory.integration(id, account, configuration);
    return new WebhooksReply.Saved(id, directory.end());
  }

  private WebhooksReply key(WebhooksRequest.CreateSigningKey request) {
    try {
      var secret =
          request.secret() == null
              ? SigningSecret.create(request.kind())
              : SigningSecret.read(request.kind(), request.secret());
      String id = IntegrationId.create().toString();
      var row =
          new JsonObject()
              .put("id", id)
              .put("integration", request.integration().toString())
              .put("kind", request.kind().text())
              .put("secret", secret.text())
              .put("created_at", "2026-01-01T00:00:00Z");
      keys.put(id, row);
      directory.put("signing_key", id, row);
      return new WebhooksReply.KeyCreated(
          id, request.kind(), secret.text(), secret.publicKey().orElse(null), 0, directory.end());
    } catch (IllegalArgumentException e) {
      return new WebhooksReply.Invalid(String.valueOf(e.getMessage()));
    }
  }

  private WebhooksReply delete(WebhooksRequest.DeleteSigningKey request) {
    var row = keys.get(request.key());
    if (row == null || !request.integration().toString().equals(row.getString("integration"))) {
      return new WebhooksReply.NotFound();
    }
    if (request.afterSeconds() == 0) {
      keys.remove(request.key());
      directory.remove("signing_key", request.key());
    } else {
      var until = Instant.now().plusSeconds(request.afterSeconds());
      directory.put("signing_key", request.key(), row.put("expires_at", until.toString()));
    }
    return new WebhooksReply.Deleted(directory.end());
  }
}
