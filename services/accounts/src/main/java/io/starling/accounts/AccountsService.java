package io.starling.accounts;

import io.starling.accounts.client.Clients;
import io.starling.accounts.customer.Customers;
import io.starling.accounts.device.ClaimCodes;
import io.starling.accounts.device.ClaimSecrets;
import io.starling.accounts.device.Devices;
import io.starling.accounts.device.Edits;
import io.starling.accounts.device.Quarantine;
import io.starling.accounts.env.Environments;
import io.starling.accounts.feed.FeedLoop;
import io.starling.accounts.imports.ImportLoop;
import io.starling.accounts.imports.Imports;
import io.starling.accounts.ledger.Ledgers;
import io.starling.accounts.ledger.Reports;
import io.starling.accounts.library.Libraries;
import io.starling.accounts.login.LogIns;
import io.starling.accounts.login.Mfa;
import io.starling.accounts.mail.Outbox;
import io.starling.accounts.organization.Organizations;
import io.starling.accounts.product.Authorities;
import io.starling.accounts.product.Groups;
import io.starling.accounts.product.Products;
import io.starling.accounts.seal.KeyCheck;
import io.starling.accounts.seal.KeyFile;
import io.starling.accounts.seal.Resealing;
import io.starling.accounts.seal.Seal;
import io.starling.accounts.seal.SealKey;
import io.starling.accounts.secret.AccountSecrets;
import io.starling.accounts.team.Teams;
import io.starling.accounts.token.Tokens;
import io.starling.accounts.transfer.Transfers;
import io.starling.accounts.user.Credentials;
import io.starling.accounts.user.Links;
import io.starling.accounts.user.Users;
import io.starling.bootstrap.Node;
import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.health.Health;
import io.starling.contract.AccountsHint;
import io.starling.contract.AccountsReply;
import io.starling.contract.BusMessage;
import io.starling.contract.CustomersRequest;
import io.starling.contract.DevicesRequest;
import io.starling.contract.EnvRequest;
import io.starling.contract.ImportsRequest;
import io.starling.contract.LedgersRequest;
import io.starling.contract.LibrariesRequest;
import io.starling.contract.OrganizationsRequest;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.contract.ProductsRequest;
import io.starling.contract.SecretsRequest;
import io.starling.contract.TeamsRequest;
import io.starling.contract.TransfersRequest;
import io.starling.postgres.DatabaseUnavailable;
import io.starling.postgres.Migrations;
import io.starling.postgres.PrimaryPool;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.CompositeFuture;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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
  private @Nullable ImportLoop imports;
  private Future<CompositeFuture> served = Future.failedFuture("not started");
  private volatile @Nullable String refused;
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
    return vertx.executeBlocking(this::keys).compose(keys -> start(new Seal(keys)));
  }

  private List<SealKey> keys() throws IOException {
    return config.secretKeys().isEmpty()
        ? new KeyFile(node.data()).readOrMake()
        : config.secretKeys();
  }

  private Future<?> start(Seal seal) {
    var writer = new ConfigurationWriter(database, node.bus());
    var clock = InstantSource.system();
    var tokens = new Tokens(clock);
    var credentials = new Credentials(vertx, database, clock);
    var mfa = new Mfa(writer, tokens, credentials, seal, clock);
    var outbox = new Outbox(vertx, node.data().resolve("outbox"), config.mailFrom(), clock);
    var links = new Links(database, writer, tokens, credentials, outbox, config.mailLinks());
    var claimCodes = new ClaimCodes(writer);
    var people =
        new PeopleAnswers(
            writer,
            new Users(writer, tokens, credentials, links),
            new LogIns(writer, tokens, credentials, mfa, clock),
            mfa,
            new Clients(writer, tokens),
            links,
            tokens);
    var products =
        new ProductsAnswers(
            new Products(writer), new Authorities(writer, clock), new Groups(writer));
    var devices =
        new DevicesAnswers(
            new Devices(writer),
            new Edits(writer),
            claimCodes,
            new ClaimSecrets(writer, clock),
            new Quarantine(writer));
    var transfers =
        new TransfersAnswers(new Transfers(database, writer, outbox, config.mailLinks()));
    var customers =
        new CustomersAnswers(new Customers(database, writer, tokens, credentials, links));
    var teams = new Teams(writer, tokens);
    var organizations = new Organizations(writer);
    var ledgers = new LedgersAnswers(new Ledgers(writer), new Reports(database));
    var env = new EnvAnswers(new Environments(writer));
    var feed = new FeedLoop(vertx, database, node.bus(), node.leaders());
    var importing = new ImportLoop(vertx, writer);
    imports = importing;
    var files = new Imports(database, importing);
    var secrets = new AccountSecrets(database, seal);
    var libraries = new Libraries(database, seal, clock);
    var librariesAnswers = new LibrariesAnswers(libraries);
    var resealing = new Resealing(database, List.of(secrets::reseal, mfa::reseal));
    migrate(
        new KeyCheck(seal),
        () -> {
          feed.start();
          importing.start();
          reseal(resealing);
        });
    vertx.setPeriodic(
        DELETE_EXPIRED_EVERY.toMillis(),
        tick -> {
          deleteExpired(tokens, links, mfa, claimCodes, files, libraries);
          reseal(resealing);
        });
    node.health().register("accounts", () -> health(feed));
    var secretsAnswers = new SecretsAnswers(secrets);
    served =
        Future.join(
            List.of(
                serve(
                    PeopleRequest.ADDRESS,
                    PeopleRequest.class,
                    people::answer,
                    PeopleReply.DatabaseDown::new),
                serve(
                    ProductsRequest.ADDRESS,
                    ProductsRequest.class,
                    products::answer,
                    AccountsReply.DatabaseDown::new),
                serve(
                    OrganizationsRequest.ADDRESS,
                    OrganizationsRequest.class,
                    organizations::answer,
                    AccountsReply.DatabaseDown::new),
                serve(
                    TeamsRequest.ADDRESS,
                    TeamsRequest.class,
                    teams::answer,
                    AccountsReply.DatabaseDown::new),
                serve(
                    DevicesRequest.ADDRESS,
                    DevicesRequest.class,
                    devices::answer,
                    AccountsReply.DatabaseDown::new),
                serve(
                    TransfersRequest.ADDRESS,
                    TransfersRequest.class,
                    transfers::answer,
                    AccountsReply.DatabaseDown::new),
                serve(
                    CustomersRequest.ADDRESS,
                    CustomersRequest.class,
                    customers::answer,
                    PeopleReply.DatabaseDown::new),
                serve(
                    ImportsRequest.ADDRESS,
                    ImportsRequest.class,
                    files::answer,
                    AccountsReply.DatabaseDown::new),
                serve(
                    LedgersRequest.ADDRESS,
                    LedgersRequest.class,
                    ledgers::answer,
                    AccountsReply.DatabaseDown::new),
                serve(
                    LibrariesRequest.ADDRESS,
                    LibrariesRequest.class,
                    librariesAnswers::answer,
                    AccountsReply.DatabaseDown::new),
                serve(
                    EnvRequest.ADDRESS,
                    EnvRequest.class,
                    env::answer,
                    AccountsReply.DatabaseDown::new),
                serve(
                    SecretsRequest.ADDRESS,
                    SecretsRequest.class,
                    secretsAnswers::answer,
                    AccountsReply.DatabaseDown::new),
                node.bus().listen(AccountsHint.ADDRESS, AccountsHint.class, wake -> feed.wake())));
    return served;
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    if (imports != null) {
      imports.stop();
    }
    return Future.succeededFuture();
  }

  private void migrate(KeyCheck keys, Runnable begin) {
    if (stopped) {
      return;
    }
    new Migrations(vertx, database)
        .migrate("accounts", "classpath:db/accounts")
        .compose(done -> database.withTransaction(keys::check))
        .onSuccess(
            wrong ->
                wrong.ifPresentOrElse(
                    this::refuse,
                    () -> {
                      migrated = true;
                      begin.run();
                    }))
        .onFailure(
            cause -> {
              if (!(cause instanceof DatabaseUnavailable)) {
                LOG.error(
                    "The schema of accounts could not be brought up to date: {}",
                    cause.getMessage());
              }
              vertx.setTimer(RETRY_MILLIS, fired -> migrate(keys, begin));
            });
  }

  /** Leaves the work to nodes that have the right keys; this one would only damage something. */
  private void refuse(String wrong) {
    refused = "STARLING_SECRET_KEYS or " + new KeyFile(node.data()) + ": " + wrong;
    LOG.error("{}", refused);
    var _ =
        served.onSuccess(
            all -> {
              for (int i = 0; i < all.size(); i++) {
                var _ = all.<Bus.Registration>resultAt(i).end();
              }
            });
  }

  private void reseal(Resealing resealing) {
    if (migrated) {
      var _ =
          resealing
              .run()
              .onFailure(
                  cause -> LOG.warn("Not all secrets are sealed anew: {}", cause.getMessage()));
    }
  }

  private <Q extends BusMessage> Future<Bus.Registration> serve(
      String address,
      Class<Q> type,
      Function<Q, Future<? extends BusMessage>> answer,
      IntFunction<BusMessage> databaseDown) {
    return node.bus()
        .serve(address, type, request -> answered(() -> answer.apply(request), databaseDown));
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

  private void deleteExpired(
      Tokens tokens, Links links, Mfa mfa, ClaimCodes codes, Imports files, Libraries libraries) {
    var _ =
        database
            .withConnection(tokens::deleteExpired)
            .compose(_ -> links.deleteOld())
            .compose(_ -> database.withConnection(mfa::deleteOld))
            .compose(_ -> database.withConnection(codes::deleteExpired))
            .compose(_ -> files.keepHouse())
            .compose(_ -> database.withConnection(libraries::keepHouse))
            .onFailure(cause -> LOG.debug("Expired tokens stay for now: {}", cause.getMessage()));
  }

  private Health.Part health(FeedLoop feed) {
    if (refused != null) {
      return Health.Part.down(refused);
    }
    return migrated && feed.isReachable()
        ? Health.Part.up("configuration can be written")
        : Health.Part.degraded("configuration cannot be written");
  }
}
