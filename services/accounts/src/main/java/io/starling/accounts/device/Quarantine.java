package io.starling.accounts.device;

import io.starling.contract.AccountsReply;
import io.starling.contract.DeviceId;
import io.starling.contract.DevicesReply.AddDevicesReply;
import io.starling.contract.DevicesReply.DeviceRegistered;
import io.starling.contract.DevicesReply.DevicesAdded;
import io.starling.contract.DevicesReply.RegisterDeviceReply;
import io.starling.contract.DevicesReply.RegistrationRefused;
import io.starling.contract.DevicesReply.RegistrationRefused.Reason;
import io.starling.contract.DevicesRequest;
import io.starling.directory.Secrets;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Devices that come into a product: by their certificate into quarantine, and out of that. */
public final class Quarantine {
  /** The most that wait in a product, or were denied. */
  private static final int MAX_OF_A_PRODUCT = 10_000;

  private final ConfigurationWriter writer;
  private final DeviceStore devices = new DeviceStore();
  private final QuarantineStore store = new QuarantineStore();

  /** A quarantine written by this writer. */
  public Quarantine(ConfigurationWriter writer) {
    this.writer = writer;
  }

  private enum Registered {
    YES,
    NOT_WANTED,
    FULL
  }

  /** Takes a device in that nobody knows. */
  public Future<RegisterDeviceReply> register(DevicesRequest.RegisterDevice request) {
    return writer
        .write(connection -> register(connection, request))
        .map(
            written ->
                switch (written.value()) {
                  case YES -> new DeviceRegistered(written.position());
                  case NOT_WANTED -> new RegistrationRefused(Reason.NOT_WANTED);
                  case FULL -> new RegistrationRefused(Reason.QUARANTINE_FULL);
                });
  }

  private Future<Registered> register(
      SqlConnection connection, DevicesRequest.RegisterDevice request) {
    return store
        .lockHome(connection, request.product(), request.authority())
        .compose(
            home ->
                home.filter(QuarantineStore.Home::wanted)
                    .map(wanted -> register(connection, request, wanted))
                    .orElseGet(() -> Future.succeededFuture(Registered.NOT_WANTED)));
  }

  private Future<Registered> register(
      SqlConnection connection, DevicesRequest.RegisterDevice request, QuarantineStore.Home home) {
    return store
        .count(connection, request.product())
        .compose(
            waiting ->
                waiting >= MAX_OF_A_PRODUCT
                    ? Future.succeededFuture(Registered.FULL)
                    : store
                        .insert(
                            connection,
                            request.device(),
                            request.product(),
                            home,
                            // Nobody knows it: the device comes with its certificate.
                            Secrets.hash(Secrets.newDeviceSecret()))
                        .map(Registered.YES));
  }

  /** Approves devices, or adds them. */
  public Future<AddDevicesReply> add(DevicesRequest.AddDevices request) {
    if (request.devices().size() > Devices.MAX_AT_ONCE) {
      return Future.failedFuture(
          new IllegalArgumentException("at most " + Devices.MAX_AT_ONCE + " devices at once"));
    }
    var asked = new LinkedHashSet<>(request.devices());
    return writer
        .write(
            connection ->
                devices
                    .platform(connection, request.product(), request.account())
                    .compose(
                        platform ->
                            platform.isEmpty()
                                ? Future.succeededFuture(Optional.<Sorted>empty())
                                : add(connection, request, asked).map(Optional::of)))
        .map(
            written ->
                written
                    .value()
                    .<AddDevicesReply>map(
                        sorted ->
                            new DevicesAdded(
                                list(asked, sorted.added()),
                                list(asked, sorted.existing()),
                                asked.stream().filter(id -> !sorted.holds(id)).toList(),
                                written.position()))
                    .orElseGet(AccountsReply.NotFound::new));
  }

  /** Which were added, and which were there before. */
  private record Sorted(Set<DeviceId> added, Set<DeviceId> existing) {
    boolean holds(DeviceId device) {
      return added.contains(device) || existing.contains(device);
    }
  }

  private static List<DeviceId> list(Set<DeviceId> asked, Set<DeviceId> some) {
    return asked.stream().filter(some::contains).toList();
  }

  private Future<Sorted> add(
      SqlConnection connection, DevicesRequest.AddDevices request, Set<DeviceId> asked) {
    int product = request.product();
    var added = new LinkedHashSet<DeviceId>();
    return store
        .approve(connection, asked, product)
        .onSuccess(added::addAll)
        .compose(_ -> store.add(connection, asked, product, request.account()))
        .onSuccess(added::addAll)
        .compose(_ -> store.find(connection, asked, product))
        .map(
            inside -> {
              inside.removeAll(added);
              return new Sorted(added, inside);
            });
  }

  /** Takes a device out. */
  public Future<AccountsReply.WriteReply> remove(DevicesRequest.RemoveDevice request) {
    return writer
        .write(
            connection ->
                devices
                    .platform(connection, request.product(), request.account())
                    .compose(
                        platform ->
                            platform.isEmpty()
                                ? Future.succeededFuture(false)
                                : remove(connection, request)))
        .map(
            written ->
                written.value()
                    ? new AccountsReply.Written(written.position())
                    : new AccountsReply.NotFound());
  }

  private Future<Boolean> remove(SqlConnection connection, DevicesRequest.RemoveDevice request) {
    if (request.deny()) {
      return store.deny(connection, request.device(), request.product());
    }
    return store
        .forget(connection, request.device(), request.product())
        .compose(
            forgotten ->
                forgotten
                    ? Future.succeededFuture(true)
                    : store.takeOut(connection, request.device(), request.product()));
  }
}
