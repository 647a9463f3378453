package io.starling.accounts;

import io.starling.accounts.device.ClaimCodes;
import io.starling.accounts.device.Devices;
import io.starling.accounts.device.Edits;
import io.starling.accounts.device.Quarantine;
import io.starling.accounts.feed.FeedLoop;
import io.starling.accounts.product.Authorities;
import io.starling.accounts.product.Groups;
import io.starling.accounts.product.Products;
import io.starling.accounts.token.TokenStore;
import io.starling.accounts.user.Users;
import io.starling.bootstrap.Node;
import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.health.Health;
import io.starling.contract.AccountsReply;
import io.starling.contract.AccountsRequest;
import io.starling.contract.BusMessage;
import io.starling.contract.DevicesRequest;
import io.starling.contract.ProductsRequest;
import io.starling.postgres.DatabaseUnavailable;
import io.starling.postgres.Migrations;
import io.starling.postgres.PrimaryPool;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;
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
  private boolean migrated;
  private boolean stopped;

  /** The service of one node. */
  public AccountsService(Node node, PrimaryPool database) {
    this.node = node;
    this.database = database;
  }

  @Override
  public Future<?> start() {
    var writer = new ConfigurationWriter(database, node.bus());
    var tokens = new TokenStore();
    var rooms =
        new Rooms(
            writer,
            new Users(vertx, database, writer, tokens, InstantSource.system()),
            tokens,
            new Products(writer),
            new Authorities(writer, InstantSource.system()),
            new Groups(writer),
            new Devices(writer),
            new Edits(writer),
            new ClaimCodes(writer),
            new Quarantine(writer));
    var feed = new FeedLoop(vertx, database, node.bus(), node.leaders());
    migrate(feed);
    vertx.setPeriodic(
        DELETE_EXPIRED_EVERY.toMillis(), tick -> deleteExpired(tokens, rooms.claimCodes()));
    node.health().register("accounts", () -> health(feed));
    return Future.all(
        serve(AccountsRequest.ADDRESS, AccountsRequest.class, request -> answer(request, rooms)),
        serve(ProductsRequest.ADDRESS, ProductsRequest.class, request -> answer(request, rooms)),
        serve(DevicesRequest.ADDRESS, DevicesRequest.class, request -> answer(request, rooms)),
        node.bus()
            .listen(
                AccountsRequest.WakeFeed.ADDRESS,
                AccountsRequest.WakeFeed.class,
                wake -> feed.wake()));
  }

  private <Q extends BusMessage> Future<Bus.Registration> serve(
      String address, Class<Q> family, Function<Q, Future<? extends BusMessage>> answer) {
    return node.bus()
        .serve(
            address,
            family,
            request ->
                orDatabaseDown(
                    migrated
                        ? answer.apply(request)
                        : Future.failedFuture(
                            new DatabaseUnavailable("the schema is not there yet", null))));
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
      TokenStore tokens,
      Products products,
      Authorities authorities,
      Groups groups,
      Devices devices,
      Edits edits,
      ClaimCodes claimCodes,
      Quarantine quarantine) {}

  private static Future<? extends BusMessage> answer(AccountsRequest request, Rooms rooms) {
    var writer = rooms.writer();
    return switch (request) {
      case AccountsRequest.SignUp signUp -> rooms.users().signUp(signUp);
      case AccountsRequest.LogIn logIn -> rooms.users().logIn(logIn);
      case AccountsRequest.RevokeToken revoke ->
          written(
              writer.write(connection -> rooms.tokens().delete(connection, revoke.tokenHash())));
      case AccountsRequest.RevokeAllTokens revoke ->
          written(
              writer.write(connection -> rooms.tokens().deleteAll(connection, revoke.account())));
      case AccountsRequest.WakeFeed _ ->
          Future.failedFuture(new IllegalArgumentException("a hint, not a request"));
    };
  }

  private static Future<? extends BusMessage> answer(ProductsRequest request, Rooms rooms) {
    return switch (request) {
      case ProductsRequest.CreateProduct create -> rooms.products().create(create);
      case ProductsRequest.SetPermissions set -> rooms.products().setPermissions(set);
      case ProductsRequest.CreateGroup create -> rooms.groups().create(create);
      case ProductsRequest.EditGroup edit -> rooms.groups().edit(edit);
      case ProductsRequest.DeleteGroup delete -> rooms.groups().delete(delete);
      case ProductsRequest.EditProduct edit -> rooms.products().edit(edit);
      case ProductsRequest.DeleteProduct delete -> rooms.products().delete(delete);
      case ProductsRequest.AddAuthority add -> rooms.authorities().add(add);
      case ProductsRequest.RemoveAuthority remove -> rooms.authorities().remove(remove);
    };
  }

  private static Future<? extends BusMessage> answer(DevicesRequest request, Rooms rooms) {
    return switch (request) {
      case DevicesRequest.RegisterDevice register -> rooms.quarantine().register(register);
      case DevicesRequest.AddDevices add -> rooms.quarantine().add(add);
      case DevicesRequest.RemoveDevice remove -> rooms.quarantine().remove(remove);
      case DevicesRequest.CreateDevices create -> rooms.devices().create(create);
      case DevicesRequest.ClaimDevice claim -> rooms.devices().claim(claim);
      case DevicesRequest.EditDevice edit -> rooms.edits().edit(edit);
      case DevicesRequest.StorePublicKey key -> rooms.devices().storeKey(key);
      case DevicesRequest.CreateClaimCode create -> rooms.claimCodes().create(create);
      case DevicesRequest.ShowClaimCode show -> rooms.claimCodes().show(show);
      case DevicesRequest.RegroupDevices regroup -> rooms.edits().regroup(regroup);
      case DevicesRequest.ReleaseDevice release -> rooms.devices().release(release);
    };
  }

  private static Future<AccountsReply> written(Future<ConfigurationWriter.Written<Void>> write) {
    return write.map(done -> new AccountsReply.Written(done.position()));
  }

  private static Future<? extends BusMessage> orDatabaseDown(Future<? extends BusMessage> answer) {
    return answer
        .<BusMessage>map(reply -> reply)
        .recover(
            cause ->
                cause instanceof DatabaseUnavailable
                    ? Future.succeededFuture(new AccountsReply.DatabaseDown(RETRY_AFTER_SECONDS))
                    : Future.failedFuture(cause));
  }

  private void deleteExpired(TokenStore tokens, ClaimCodes codes) {
    var _ =
        database
            .withConnection(
                connection ->
                    tokens.deleteExpired(connection).compose(_ -> codes.deleteExpired(connection)))
            .onFailure(cause -> LOG.debug("Expired tokens stay for now: {}", cause.getMessage()));
  }

  private Health.Part health(FeedLoop feed) {
    return migrated && feed.isReachable()
        ? Health.Part.up("configuration can be written")
        : Health.Part.degraded("configuration cannot be written");
  }
}
