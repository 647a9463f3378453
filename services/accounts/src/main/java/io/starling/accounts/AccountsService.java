package io.starling.accounts;

import io.starling.accounts.client.Clients;
import io.starling.accounts.device.ClaimCodes;
import io.starling.accounts.device.Devices;
import io.starling.accounts.device.Edits;
import io.starling.accounts.device.Quarantine;
import io.starling.accounts.feed.FeedLoop;
import io.starling.accounts.ledger.Ledgers;
import io.starling.accounts.ledger.Reports;
import io.starling.accounts.login.LogIns;
import io.starling.accounts.login.Mfa;
import io.starling.accounts.mail.Outbox;
import io.starling.accounts.product.Authorities;
import io.starling.accounts.product.Groups;
import io.starling.accounts.product.Products;
import io.starling.accounts.token.TokenStore;
import io.starling.accounts.user.Credentials;
import io.starling.accounts.user.Links;
import io.starling.accounts.user.Users;
import io.starling.bootstrap.Node;
import io.starling.bootstrap.health.Health;
import io.starling.contract.AccountsHint;
import io.starling.contract.AccountsReply;
import io.starling.contract.BusMessage;
import io.starling.contract.DevicesRequest;
import io.starling.contract.LedgersRequest;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.contract.ProductsRequest;
import io.starling.postgres.DatabaseUnavailable;
import io.starling.postgres.Migrations;
import io.starling.postgres.PrimaryPool;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * People, tokens, products, devices, and the feed. Starts without a database, and answers {@code
 * DatabaseDown} until there is one.
 */
public final class AccountsService extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(AccountsService.class);
  private static final long RETRY_MILLIS = 500;
  private static final int RETRY_AFTER_SECONDS = 5;
  private static final Duration DELETE_EXPIRED_EVERY = Duration.ofMinutes(10);

  private final Node node;
  private final PrimaryPool database;
  private final AccountsConfig config;
  private boolean migrated;
  private boolean stopped;

  /** The service of one node. */
  public AccountsService(Node node, PrimaryPool database, AccountsConfig config) {
    this.node = node;
    this.database = database;
    this.config = config;
  }

  @Override
  public Future<?> start() {
    var writer = new ConfigurationWriter(database, node.bus());
    var clock = InstantSource.system();
    var tokens = new TokenStore();
    var credentials = new Credentials(vertx, database, clock);
    var mfa = new Mfa(writer, tokens, credentials, clock);
    var outbox = new Outbox(vertx, node.data().resolve("outbox"), config.mailFrom(), clock);
    var links = new Links(database, writer, tokens, credentials, outbox, config.mailLinks());
    var claimCodes = new ClaimCodes(writer);
    var people =
        new PeopleAnswers(
            writer,
            new Users(writer, tokens, credentials, links),
            new LogIns(writer, tokens, credentials, mfa, clock),
            mfa,
            new Clients(writer, tokens, clock),
            links,
            tokens);
    var products =
        new ProductsAnswers(
            new Products(writer), new Authorities(writer, clock), new Groups(writer));
    var devices =
        new DevicesAnswers(
            new Devices(writer), new Edits(writer), claimCodes, new Quarantine(writer));
    var ledgers = new LedgersAnswers(new Ledgers(writer), new Reports(database));
    var feed = new FeedLoop(vertx, database, node.bus(), node.leaders());
    migrate(feed);
    vertx.setPeriodic(
        DELETE_EXPIRED_EVERY.toMillis(), tick -> deleteExpired(tokens, links, mfa, claimCodes));
    node.health().register("accounts", () -> health(feed));
    var bus = node.bus();
    return Future.all(
        bus.serve(
            PeopleRequest.ADDRESS,
            PeopleRequest.class,
            request -> answered(() -> people.answer(request), PeopleReply.DatabaseDown::new)),
        bus.serve(
            ProductsRequest.ADDRESS,
            ProductsRequest.class,
            request -> answered(() -> products.answer(request), AccountsReply.DatabaseDown::new)),
        bus.serve(
            DevicesRequest.ADDRESS,
            DevicesRequest.class,
            request -> answered(() -> devices.answer(request), AccountsReply.DatabaseDown::new)),
        bus.serve(
            LedgersRequest.ADDRESS,
            LedgersRequest.class,
            request -> answered(() -> ledgers.answer(request), AccountsReply.DatabaseDown::new)),
        bus.listen(AccountsHint.ADDRESS, AccountsHint.class, wake -> feed.wake()));
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    return Future.succeededFuture();
  }

  private void migrate(FeedLoop feed) {
    if (stopped) {
      return;
    }
    new Migrations(vertx, database)
        .migrate("accounts", "classpath:db/accounts")
        .onSuccess(
            done -> {
              migrated = true;
              feed.start();
            })
        .onFailure(
            cause -> {
              if (!(cause instanceof DatabaseUnavailable)) {
                LOG.error(
                    "The schema of accounts could not be brought up to date: {}",
                    cause.getMessage());
              }
              vertx.setTimer(RETRY_MILLIS, fired -> migrate(feed));
            });
  }

  /** Answers, or tells that the database is away. */
  private Future<? extends BusMessage> answered(
      Supplier<Future<? extends BusMessage>> answer, IntFunction<BusMessage> databaseDown) {
    if (!migrated) {
      return Future.succeededFuture(databaseDown.apply(RETRY_AFTER_SECONDS));
    }
    return answer
        .get()
        .<BusMessage>map(reply -> reply)
        .recover(
            cause ->
                cause instanceof DatabaseUnavailable
                    ? Future.succeededFuture(databaseDown.apply(RETRY_AFTER_SECONDS))
                    : Future.failedFuture(cause));
  }

  private void deleteExpired(TokenStore tokens, Links links, Mfa mfa, ClaimCodes codes) {
    var _ =
        database
            .withConnection(tokens::deleteExpired)
            .compose(_ -> links.deleteOld())
            .compose(_ -> database.withConnection(mfa::deleteOld))
            .compose(_ -> database.withConnection(codes::deleteExpired))
            .onFailure(cause -> LOG.debug("Expired tokens stay for now: {}", cause.getMessage()));
  }

  private Health.Part health(FeedLoop feed) {
    return migrated && feed.isReachable()
        ? Health.Part.up("configuration can be written")
        : Health.Part.degraded("configuration cannot be written");
  }
}
