package io.starling.webhooks.integration;

import io.starling.contract.BusMessage;
import io.starling.contract.IntegrationId;
import io.starling.contract.JournalPosition;
import io.starling.contract.WebhooksReply;
import io.starling.contract.WebhooksRequest;
import io.starling.directory.Directory;
import io.starling.postgres.DatabaseUnavailable;
import io.starling.postgres.change.ConfigurationWriter;
import io.starling.webhooks.integration.ConfigurationRules.Valid;
import io.starling.webhooks.integration.ConfigurationRules.Wrong;
import io.starling.webhooks.request.Broker;
import io.starling.webhooks.sink.AllowedBrokers;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates, replaces, deletes and moves integrations, and makes and deletes their signing keys.
 * Belongs to one event loop.
 */
public final class Integrations {
  private static final Logger LOG = LoggerFactory.getLogger(Integrations.class);
  private static final int RETRY_AFTER_SECONDS = 5;

  /** How long to wait for this process's own copy: it is the one that deliveries go by. */
  private static final Duration OWN_COPY = Duration.ofSeconds(1);

  private final ConfigurationWriter writer;
  private final Directory directory;
  private final AllowedBrokers brokers;
  private final IntegrationStore store = new IntegrationStore();
  private final SigningKeyWrites keys;

  /** Integrations written by this writer. */
  public Integrations(ConfigurationWriter writer, Directory directory, AllowedBrokers brokers) {
    this.brokers = brokers;
    this.writer = writer;
    this.directory = directory;
    keys = new SigningKeyWrites(writer, directory);
  }

  /** The answer while configuration cannot be written. */
  public static WebhooksReply.DatabaseDown databaseDown() {
    return new WebhooksReply.DatabaseDown(RETRY_AFTER_SECONDS);
  }

  /** Answers a request. */
  public Future<? extends BusMessage> answer(WebhooksRequest request) {
    return switch (request) {
      case WebhooksRequest.CreateIntegration create -> create(create);
      case WebhooksRequest.EditIntegration edit -> edit(edit);
      case WebhooksRequest.DeleteIntegration delete -> delete(delete);
      case WebhooksRequest.TestIntegration _ ->
          throw new IllegalArgumentException("a test is no write");
      case WebhooksRequest.MoveIntegrations move -> move(move);
      case WebhooksRequest.CreateSigningKey create ->
          keys.create(create).recover(Integrations::databaseDown);
      case WebhooksRequest.DeleteSigningKey delete ->
          keys.delete(delete).recover(Integrations::databaseDown);
    };
  }

  private Future<WebhooksReply.SaveReply> create(WebhooksRequest.CreateIntegration request) {
    var id = IntegrationId.create();
    return checked(
        request.configuration(),
        configuration ->
            writer
                .write(connection -> store.insert(connection, id, request.account(), configuration))
                .compose(written -> saved(id, written.position())));
  }

  private Future<WebhooksReply.SaveReply> edit(WebhooksRequest.EditIntegration request) {
    var id = request.integration();
    return checked(
        request.configuration(),
        configuration ->
            writer
                .write(connection -> store.update(connection, id, request.account(), configuration))
                .compose(
                    written ->
                        written.value()
                            ? saved(id, written.position())
                            : Future.succeededFuture(new WebhooksReply.NotFound())));
  }

  private Future<WebhooksReply.SaveReply> checked(
      String text, Function<Configuration, Future<WebhooksReply.SaveReply>> save) {
    return switch (ConfigurationRules.check(text, InstantSource.system().instant())) {
      case Wrong(String message) -> Future.succeededFuture(new WebhooksReply.Invalid(message));
      case Valid(Configuration configuration) -> {
        var broker = Broker.of(configuration.all());
        var refusal = broker == null ? Optional.<String>empty() : brokers.refusal(broker);
        yield refusal.isPresent()
            ? Future.succeededFuture(new WebhooksReply.Invalid(refusal.get()))
            : save.apply(configuration).recover(Integrations::databaseDown);
      }
    };
  }

  private Future<WebhooksReply.SaveReply> saved(IntegrationId id, JournalPosition position) {
    return directory
        .reached(position, OWN_COPY)
        .otherwiseEmpty()
        .map(_ -> new WebhooksReply.Saved(id, position));
  }

  private Future<WebhooksReply.DeleteReply> delete(WebhooksRequest.DeleteIntegration request) {
    return writer
        .write(connection -> store.delete(connection, request.integration(), request.account()))
        .<WebhooksReply.DeleteReply>map(
            written ->
                written.value()
                    ? new WebhooksReply.Deleted(written.position())
                    : new WebhooksReply.NotFound())
        .recover(Integrations::databaseDown);
  }

  private Future<WebhooksReply.MoveReply> move(WebhooksRequest.MoveIntegrations request) {
    return writer
        .write(
            connection ->
                store.move(connection, request.account(), request.product(), request.to()))
        .<WebhooksReply.MoveReply>map(written -> new WebhooksReply.Moved(written.position()))
        .recover(Integrations::databaseDown);
  }

  private static <R> Future<R> databaseDown(Throwable cause) {
    if (!(cause instanceof DatabaseUnavailable)) {
      return Future.failedFuture(cause);
    }
    LOG.info("An integration could not be written: {}", cause.getMessage());
    @SuppressWarnings("unchecked")
    var reply = (R) databaseDown();
    return Future.succeededFuture(reply);
  }
}
