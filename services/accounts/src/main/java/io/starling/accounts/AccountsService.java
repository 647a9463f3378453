package io.starling.accounts;

import io.starling.accounts.client.Clients;
import io.starling.accounts.device.Devices;
import io.starling.accounts.device.Quarantine;
import io.starling.accounts.feed.FeedLoop;
import io.starling.accounts.login.LogIns;
import io.starling.accounts.login.Mfa;
import io.starling.accounts.mail.Outbox;
import io.starling.accounts.product.Authorities;
import io.starling.accounts.product.Products;
import io.starling.accounts.token.TokenStore;
import io.starling.accounts.user.Credentials;
import io.starling.accounts.user.Links;
import io.starling.accounts.user.Users;
import io.starling.bootstrap.Node;
import io.starling.bootstrap.health.Health;
import io.starling.contract.AccountsReply;
import io.starling.contract.AccountsRequest;
import io.starling.contract.BusMessage;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
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
    var rooms =
        new Rooms(
            writer,
            new Users(writer, tokens, credentials, links),
            new LogIns(writer, tokens, credentials, mfa, clock),
            mfa,
            new Clients(writer, tokens, clock),
            links,
            tokens,
            new Products(writer),
            new Authorities(writer, clock),
            new Devices(writer),
            new Quarantine(writer));
    var feed = new FeedLoop(vertx, database, node.bus(), node.leaders());
    migrate(feed);
    vertx.setPeriodic(DELETE_EXPIRED_EVERY.toMillis(), tick -> deleteExpired(tokens, links, mfa));
    node.health().register("accounts", () -> health(feed));
    return node.bus()
        .serve(
            "accounts",
            AccountsRequest.class,
            request -> answered(() -> answer(request, rooms), AccountsReply.DatabaseDown::new))
        .compose(
            served ->
                node.bus()
                    .serve(
                        PeopleRequest.ADDRESS,
                        PeopleRequest.class,
                        request ->
                            answered(() -> answer(request, rooms), PeopleReply.DatabaseDown::new)))
        .compose(
            served ->
                node.bus()
                    .listen(
                        AccountsRequest.WakeFeed.ADDRESS,
                        AccountsRequest.WakeFeed.class,
                        wake -> feed.wake()));
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

  private record Rooms(
      ConfigurationWriter writer,
      Users users,
      LogIns logIns,
      Mfa mfa,
      Clients clients,
      Links links,
      TokenStore tokens,
      Products products,
      Authorities authorities,
      Devices devices,
      Quarantine quarantine) {}

  private static Future<? extends BusMessage> answer(AccountsRequest request, Rooms rooms) {
    return switch (request) {
      case AccountsRequest.CreateProduct create -> rooms.products().create(create);
      case AccountsRequest.SetPermissions set -> rooms.products().setPermissions(set);
      case AccountsRequest.SetQuarantine set -> rooms.products().setQuarantine(set);
      case AccountsRequest.AddAuthority add -> rooms.authorities().add(add);
      case AccountsRequest.RemoveAuthority remove -> rooms.authorities().remove(remove);
      case AccountsRequest.RegisterDevice register -> rooms.quarantine().register(register);
      case AccountsRequest.AddDevices add -> rooms.quarantine().add(add);
      case AccountsRequest.RemoveDevice remove -> rooms.quarantine().remove(remove);
      case AccountsRequest.CreateDevices create -> rooms.devices().create(create);
      case AccountsRequest.ClaimDevice claim -> rooms.devices().claim(claim);
      case AccountsRequest.EditDevice edit -> rooms.devices().edit(edit);
      case AccountsRequest.ReleaseDevice release -> rooms.devices().release(release);
      case AccountsRequest.WakeFeed _ ->
          Future.failedFuture(new IllegalArgumentException("a hint, not a request"));
    };
  }

  private static Future<? extends BusMessage> answer(PeopleRequest request, Rooms rooms) {
    var writer = rooms.writer();
    return switch (request) {
      case PeopleRequest.SignUp signUp -> rooms.users().signUp(signUp);
      case PeopleRequest.DescribeUser describe -> rooms.users().describe(describe);
      case PeopleRequest.ChangeCredentials change -> rooms.users().change(change);
      case PeopleRequest.DeleteUser delete -> rooms.users().delete(delete);
      case PeopleRequest.ForgotPassword forgot -> rooms.links().forgot(forgot);
      case PeopleRequest.ResetPassword reset -> rooms.links().reset(reset);
      case PeopleRequest.ConfirmEmail confirm -> rooms.links().confirm(confirm);
      case PeopleRequest.LogIn logIn -> rooms.logIns().logIn(logIn);
      case PeopleRequest.LogInWithOtp logIn -> rooms.logIns().logIn(logIn);
      case PeopleRequest.ListTokens list -> rooms.logIns().list(list);
      case PeopleRequest.StartMfa start -> rooms.mfa().start(start);
      case PeopleRequest.EnrolMfa enrol -> rooms.mfa().enrol(enrol);
      case PeopleRequest.DisableMfa disable -> rooms.mfa().disable(disable);
      case PeopleRequest.CreateClient create -> rooms.clients().create(create);
      case PeopleRequest.EditClient edit -> rooms.clients().edit(edit);
      case PeopleRequest.DeleteClient delete -> rooms.clients().delete(delete);
      case PeopleRequest.IssueClientToken issue -> rooms.clients().issue(issue);
      case PeopleRequest.RevokeToken revoke ->
          written(
              writer.write(connection -> rooms.tokens().delete(connection, revoke.tokenHash())));
      case PeopleRequest.RevokeAllTokens revoke ->
          written(
              writer.write(connection -> rooms.tokens().deleteAll(connection, revoke.account())));
    };
  }

  private static Future<PeopleReply> written(Future<ConfigurationWriter.Written<Void>> write) {
    return write.map(done -> new PeopleReply.Written(done.position()));
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

  private void deleteExpired(TokenStore tokens, Links links, Mfa mfa) {
    var _ =
        database
            .withConnection(tokens::deleteExpired)
            .compose(_ -> links.deleteOld())
            .compose(_ -> database.withConnection(mfa::deleteOld))
            .onFailure(cause -> LOG.debug("Expired tokens stay for now: {}", cause.getMessage()));
  }

  private Health.Part health(FeedLoop feed) {
    return migrated && feed.isReachable()
        ? Health.Part.up("configuration can be written")
        : Health.Part.degraded("configuration cannot be written");
  }
}
