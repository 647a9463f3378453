package io.starling.webhooks.integration;

import io.starling.contract.IntegrationId;
import io.starling.contract.WebhooksReply;
import io.starling.contract.WebhooksRequest;
import io.starling.directory.Directory;
import io.starling.directory.SigningSecret;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;

/** Makes and deletes the keys that integrations' requests are signed by. */
final class SigningKeyWrites {
  /** As many at once: each makes every request longer. */
  private static final int MOST = 5;

  private final ConfigurationWriter writer;
  private final Directory directory;
  private final SigningKeyStore store = new SigningKeyStore();

  SigningKeyWrites(ConfigurationWriter writer, Directory directory) {
    this.writer = writer;
    this.directory = directory;
  }

  /** What writing came to. */
  private sealed interface Written {}

  private record Made(String id, Instant at) implements Written {}

  private record NoIntegration() implements Written {}

  private record TooMany() implements Written {}

  /** How long to wait for this process's own copy: it is the one that signs. */
  private static final Duration OWN_COPY = Duration.ofSeconds(1);

  Future<WebhooksReply.KeyReply> create(WebhooksRequest.CreateSigningKey request) {
    SigningSecret secret;
    try {
      secret =
          request.secret() == null
              ? SigningSecret.create(request.kind())
              : SigningSecret.read(request.kind(), request.secret());
    } catch (IllegalArgumentException e) {
      return Future.succeededFuture(new WebhooksReply.Invalid(String.valueOf(e.getMessage())));
    }
    return writer
        .write(connection -> insert(connection, request, secret))
        .compose(
            written ->
                switch (written.value()) {
                  case NoIntegration _ -> Future.succeededFuture(new WebhooksReply.NotFound());
                  case TooMany _ ->
                      Future.succeededFuture(
                          new WebhooksReply.Invalid("an integration has at most 5 signing keys"));
                  case Made(String id, Instant at) ->
                      directory
                          .reached(written.position(), OWN_COPY)
                          .otherwiseEmpty()
                          .map(
                              _ ->
                                  new WebhooksReply.KeyCreated(
                                      id,
                                      request.kind(),
                                      secret.text(),
                                      secret.publicKey().orElse(null),
                                      at.toEpochMilli(),
                                      written.position()));
                });
  }

  private Future<Written> insert(
      SqlConnection connection, WebhooksRequest.CreateSigningKey request, SigningSecret secret) {
    var integration = request.integration();
    return store
        .lock(connection, request.account(), integration)
        .compose(
            isThere ->
                isThere
                    ? store
                        .countLive(connection, integration)
                        .compose(
                            live ->
                                live >= MOST
                                    ? Future.succeededFuture(new TooMany())
                                    : add(connection, request, secret))
                    : Future.succeededFuture(new NoIntegration()));
  }

  private Future<Written> add(
      SqlConnection connection, WebhooksRequest.CreateSigningKey request, SigningSecret secret) {
    String id = IntegrationId.create().toString();
    return store
        .insert(connection, id, request.account(), request.integration(), request.kind(), secret)
        .map(at -> new Made(id, at));
  }

  Future<WebhooksReply.DeleteReply> delete(WebhooksRequest.DeleteSigningKey request) {
    return writer
        .write(
            connection ->
                store.delete(
                    connection,
                    request.key(),
                    request.account(),
                    request.integration(),
                    request.afterSeconds()))
        .map(
            written ->
                written.value()
                    ? new WebhooksReply.Deleted(written.position())
                    : new WebhooksReply.NotFound());
  }
}
