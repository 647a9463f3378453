package io.starling.accounts;

import io.starling.accounts.audit.Audit;
import io.starling.accounts.audit.AuditRetention;
import io.starling.accounts.feed.FeedLoop;
import io.starling.accounts.imports.ImportLoop;
import io.starling.accounts.login.Tickets;
import io.starling.accounts.mail.Outbox;
import io.starling.accounts.mail.Post;
import io.starling.accounts.mail.SmtpLoop;
import io.starling.accounts.move.MoveLoop;
import io.starling.accounts.passkey.RelyingParty;
import io.starling.accounts.seal.KeyCheck;
import io.starling.accounts.seal.KeyFile;
import io.starling.accounts.seal.Resealing;
import io.starling.accounts.seal.Seal;
import io.starling.accounts.seal.SealKey;
import io.starling.accounts.token.Tokens;
import io.starling.accounts.user.Credentials;
import io.starling.bootstrap.Node;
import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.health.Health;
import io.starling.contract.AccountsHint;
import io.starling.contract.AccountsReply;
import io.starling.contract.Actor;
import io.starling.contract.AuditRequest;
import io.starling.contract.BusMessage;
import io.starling.contract.CustomersRequest;
import io.starling.contract.DevicesRequest;
import io.starling.contract.EnvRequest;
import io.starling.contract.ImportsRequest;
import io.starling.contract.LedgersRequest;
import io.starling.contract.LibrariesRequest;
import io.starling.contract.OAuthReply;
import io.starling.contract.OAuthRequest;
import io.starling.contract.OidcReply;
import io.starling.contract.OidcRequest;
import io.starling.contract.OrganizationsRequest;
import io.starling.contract.PasskeysRequest;
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
import java.util.Optional;
import java.util.function.BiFunction;
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
  private @Nullable MoveLoop moves;
  private @Nullable Post post;
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
    var credentials = new Credentials(vertx, database, clock, node.meters());
    var providers = OidcAnswers.providers(vertx, config, clock);
    var carrier = post(seal, clock);
    post = carrier;
    var importing = new ImportLoop(vertx, writer.by(Actor.service("imports"), ""));
    imports = importing;
    var moving = new MoveLoop(vertx, node.bus(), writer);
    moves = moving;
    var rooms =
        new Rooms(
            database,
            writer,
            tokens,
            credentials,
            new Rooms.Guesses(clock),
            seal,
            carrier,
            config.mailLinks(),
            providers,
            RelyingParty.at(config.mailLinks()),
            importing,
            moving,
            clock);
    var own = rooms.itself();
    var mfa = rooms.mfa(own);
    var feed = new FeedLoop(vertx, database, node.bus(), node.leaders());
    var audit = new Audit(database);
    var auditRetention = new AuditRetention(database, config.auditRetentionDays(), clock);
    var resealing =
        new Resealing(database, List.of(rooms.secrets(own).secrets()::reseal, mfa::reseal));
    migrate(
        new KeyCheck(seal),
        () -> {
          feed.start();
          importing.start();
          moving.start();
          auditRetention.run(vertx);
          carrier.start();
          reseal(resealing);
        });
    vertx.setPeriodic(
        DELETE_EXPIRED_EVERY.toMillis(),
        tick -> {
          deleteExpired(rooms, own);
          deleteGrants(rooms.oauth(own), rooms.oidc(own));
          reseal(resealing);
        });
    node.health().register("accounts", () -> health(feed));
    served =
        Future.join(
            List.of(
                serve(
                    PeopleRequest.ADDRESS,
                    PeopleRequest.class,
                    (asked, who) -> rooms.people(rooms.asked(asked, who)).answer(asked),
                    PeopleReply.DatabaseDown::new),
                serve(
                    OAuthRequest.ADDRESS,
                    OAuthRequest.class,
                    (asked, who) -> rooms.oauth(rooms.asked(asked, who)).answer(asked),
                    OAuthReply.DatabaseDown::new),
                node.bus()
                    .serveKnown(
                        OidcRequest.ADDRESS,
                        OidcRequest.class,
                        (asked, who) -> signInElsewhere(rooms, asked, who)),
                serve(
                    ProductsRequest.ADDRESS,
                    ProductsRequest.class,
                    (asked, who) -> rooms.products(rooms.asked(asked, who)).answer(asked),
                    AccountsReply.DatabaseDown::new),
                serve(
                    OrganizationsRequest.ADDRESS,
                    OrganizationsRequest.class,
                    (asked, who) -> rooms.organizations(rooms.asked(asked, who)).answer(asked),
                    AccountsReply.DatabaseDown::new),
                serve(
                    TeamsRequest.ADDRESS,
                    TeamsRequest.class,
                    (asked, who) -> rooms.teams(rooms.asked(asked, who)).answer(asked),
                    AccountsReply.DatabaseDown::new),
                serve(
                    DevicesRequest.ADDRESS,
                    DevicesRequest.class,
                    (asked, who) -> rooms.devices(rooms.asked(asked, who)).answer(asked),
                    AccountsReply.DatabaseDown::new),
                serve(
                    TransfersRequest.ADDRESS,
                    TransfersRequest.class,
                    (asked, who) -> rooms.transfers(rooms.asked(asked, who)).answer(asked),
                    AccountsReply.DatabaseDown::new),
                serve(
                    CustomersRequest.ADDRESS,
                    CustomersRequest.class,
                    (asked, who) -> rooms.customers(rooms.asked(asked, who)).answer(asked),
                    PeopleReply.DatabaseDown::new),
                serve(
                    ImportsRequest.ADDRESS,
                    ImportsRequest.class,
                    (asked, who) -> rooms.imports(rooms.asked(asked, who)).answer(asked),
                    AccountsReply.DatabaseDown::new),
                serve(
                    LedgersRequest.ADDRESS,
                    LedgersRequest.class,
                    (asked, who) -> rooms.ledgers(rooms.asked(asked, who)).answer(asked),
                    AccountsReply.DatabaseDown::new),
                serve(
                    LibrariesRequest.ADDRESS,
                    LibrariesRequest.class,
                    (asked, who) -> rooms.libraries(rooms.asked(asked, who)).answer(asked),
                    AccountsReply.DatabaseDown::new),
                serve(
                    EnvRequest.ADDRESS,
                    EnvRequest.class,
                    (asked, who) -> rooms.env(rooms.asked(asked, who)).answer(asked),
                    AccountsReply.DatabaseDown::new),
                serve(
                    SecretsRequest.ADDRESS,
                    SecretsRequest.class,
                    (asked, who) -> rooms.secrets(rooms.asked(asked, who)).answer(asked),
                    AccountsReply.DatabaseDown::new),
                serve(
                    PasskeysRequest.ADDRESS,
                    PasskeysRequest.class,
                    (asked, who) -> rooms.passkeys(rooms.asked(asked, who)).answer(asked),
                    AccountsReply.DatabaseDown::new),
                serve(
                    AuditRequest.ADDRESS,
                    AuditRequest.class,
                    (asked, _) -> audit.answer(asked),
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
    if (moves != null) {
      moves.stop();
    }
    if (post != null) {
      post.stop();
    }
    return Future.succeededFuture();
  }

  private Post post(Seal seal, InstantSource clock) {
    String from = config.mailFrom();
    return config.smtp().isPresent()
        ? new SmtpLoop(vertx, database, seal, config.smtp().get(), from, node.meters(), clock)
        : new Outbox(vertx, node.data().resolve("outbox"), from, clock);
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
      BiFunction<Q, Optional<Actor>, Future<? extends BusMessage>> answer,
      IntFunction<BusMessage> databaseDown) {
    return node.bus()
        .serveKnown(
            address,
            type,
            (request, actor) -> answered(() -> answer.apply(request, actor), databaseDown));
  }

  /** Which providers there are needs no database: pages that offer them stand without one. */
  private Future<? extends BusMessage> signInElsewhere(
      Rooms rooms, OidcRequest asked, Optional<Actor> who) {
    return asked instanceof OidcRequest.ListProviders
        ? Future.succeededFuture(rooms.providers().told())
        : answered(
            () -> rooms.oidc(rooms.asked(asked, who)).answer(asked), OidcReply.DatabaseDown::new);
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

  private void deleteExpired(Rooms rooms, Rooms.Asked own) {
    var _ =
        database
            .withConnection(rooms.tokens()::deleteExpired)
            .compose(_ -> rooms.links(own).deleteOld())
            .compose(_ -> database.withConnection(rooms.mfa(own)::deleteOld))
            .compose(_ -> database.withConnection(new Tickets()::deleteOld))
            .compose(_ -> database.withConnection(rooms.devices(own).claimCodes()::deleteExpired))
            .compose(_ -> rooms.imports(own).keepHouse())
            .compose(_ -> database.withConnection(rooms.libraries(own).libraries()::keepHouse))
            .onFailure(cause -> LOG.debug("Expired tokens stay for now: {}", cause.getMessage()));
  }

  private void deleteGrants(OAuthAnswers grants, OidcAnswers elsewhere) {
    var _ =
        database
            .withConnection(grants.codes()::deleteOld)
            .compose(_ -> database.withConnection(grants.deviceCodes()::deleteOld))
            .compose(_ -> database.withConnection(elsewhere.signIns()::deleteOld))
            .onFailure(cause -> LOG.debug("Old codes stay for now: {}", cause.getMessage()));
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
