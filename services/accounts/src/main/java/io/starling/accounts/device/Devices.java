package io.starling.accounts.device;

import io.starling.contract.AccountsReply;
import io.starling.contract.DeviceId;
import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesRequest;
import io.starling.directory.Secrets;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Devices: made, claimed, named, released. */
public final class Devices {
  /** The most that one request makes. */
  public static final int MAX_AT_ONCE = 1_000;

  private final ConfigurationWriter writer;
  private final DeviceStore store = new DeviceStore();
  private final ClaimSecretStore labels = new ClaimSecretStore();
  private final Handover handover = new Handover();

  /** Devices written by this writer. */
  public Devices(ConfigurationWriter writer) {
    this.writer = writer;
  }

  /** Makes devices with new secrets. */
  public Future<DevicesReply.CreateDevicesReply> create(DevicesRequest.CreateDevices request) {
    if (request.count() < 1 || request.count() > MAX_AT_ONCE) {
      return Future.failedFuture(
          new IllegalArgumentException("from 1 to " + MAX_AT_ONCE + " devices at once"));
    }
    var made =
        Stream.generate(
                () ->
                    new DevicesReply.NewDevice(
                        DeviceId.create(),
                        Secrets.newDeviceSecret(),
                        request.labels() ? Secrets.newToken() : null))
            .limit(request.count())
            .toList();
    return writer
        .write(
            connection ->
                store
                    .platform(connection, request.product(), request.account())
                    .compose(platform -> insert(connection, platform, request, made)))
        .map(
            written ->
                written.value()
                    ? new DevicesReply.DevicesCreated(made, written.position())
                    : new AccountsReply.NotFound());
  }

  private Future<Boolean> insert(
      SqlConnection connection,
      Optional<Integer> platform,
      DevicesRequest.CreateDevices request,
      List<DevicesReply.NewDevice> made) {
    if (platform.isEmpty()) {
      return Future.succeededFuture(false);
    }
    var ids = made.stream().map(device -> device.id().toString()).toList();
    var hashes = made.stream().map(device -> Secrets.hash(device.secret())).toList();
    return store
        .insert(connection, request.account(), request.product(), platform.get(), ids, hashes)
        .compose(_ -> labels.put(connection, made))
        .map(true);
  }

  /** Gives a device that nobody owns to an account. */
  public Future<DevicesReply.ClaimReply> claim(DevicesRequest.ClaimDevice request) {
    return writer
        .write(connection -> handover.give(connection, request.device(), request.account(), false))
        .map(written -> Handover.reply(request.device(), written));
  }

  /** Takes a device from its customer. */
  public Future<AccountsReply.WriteReply> free(DevicesRequest.FreeDevice request) {
    return written(
        writer.write(
            connection ->
                handover.free(connection, request.account(), request.product(), request.device())));
  }

  /** Keeps a device's public key. */
  public Future<AccountsReply.WriteReply> storeKey(DevicesRequest.StorePublicKey request) {
    return written(writer.write(connection -> store.storeKey(connection, request)));
  }

  /** Gives a device up. */
  public Future<AccountsReply.WriteReply> release(DevicesRequest.ReleaseDevice request) {
    return written(
        writer.write(connection -> store.release(connection, request.device(), request.account())));
  }

  private static Future<AccountsReply.WriteReply> written(
      Future<ConfigurationWriter.Written<Boolean>> write) {
    return write.map(
        written ->
            written.value()
                ? new AccountsReply.Written(written.position())
                : new AccountsReply.NotFound());
  }
}
