package io.starling.accounts.device;

import io.starling.contract.AccountsReply;
import io.starling.contract.DeviceChange;
import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesReply.EditRefused.Reason;
import io.starling.contract.DevicesReply.EditReply;
import io.starling.contract.DevicesRequest;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.TreeSet;

/** What is set about devices: by whoever owns one, or the product that it is in. */
public final class Edits {
  private final ConfigurationWriter writer;
  private final DeviceStore devices = new DeviceStore();
  private final EditStore store = new EditStore();

  /** Edits written by this writer. */
  public Edits(ConfigurationWriter writer) {
    this.writer = writer;
  }

  private enum Result {
    DONE,
    NOT_FOUND,
    GROUP_UNKNOWN,
    SERIAL_NUMBER_IN_USE
  }

  /** Changes one. */
  public Future<EditReply> edit(DevicesRequest.EditDevice request) {
    return answered(
        writer.write(
            connection ->
                store
                    .lock(connection, request.account(), request.product(), request.device())
                    .compose(
                        found ->
                            found
                                ? serial(connection, request)
                                : Future.succeededFuture(Result.NOT_FOUND))));
  }

  private Future<Result> serial(SqlConnection connection, DevicesRequest.EditDevice request) {
    String serialNumber = request.change().serialNumber();
    if (serialNumber == null || serialNumber.isEmpty()) {
      return groups(connection, request);
    }
    return store
        .isSerialInUse(connection, request.device(), serialNumber)
        .compose(
            inUse ->
                inUse
                    ? Future.succeededFuture(Result.SERIAL_NUMBER_IN_USE)
                    : groups(connection, request));
  }

  private Future<Result> groups(SqlConnection connection, DevicesRequest.EditDevice request) {
    DeviceChange change = request.change();
    var names = change.groups() == null ? null : new TreeSet<>(change.groups());
    if (names == null) {
      return store.edit(connection, request.device(), change, null).map(Result.DONE);
    }
    return store
        .groups(connection, request.product(), names)
        .compose(
            ids ->
                ids.size() < names.size()
                    ? Future.succeededFuture(Result.GROUP_UNKNOWN)
                    : store.edit(connection, request.device(), change, ids).map(Result.DONE));
  }

  /** Puts many into groups, and takes them out of others. */
  public Future<EditReply> regroup(DevicesRequest.RegroupDevices request) {
    if (request.devices().size() > Devices.MAX_AT_ONCE) {
      return Future.failedFuture(
          new IllegalArgumentException("at most " + Devices.MAX_AT_ONCE + " devices at once"));
    }
    return answered(
        writer.write(
            connection ->
                devices
                    .platform(connection, request.product(), request.account())
                    .compose(
                        platform ->
                            platform.isEmpty()
                                ? Future.succeededFuture(Result.NOT_FOUND)
                                : regroup(connection, request))));
  }

  private Future<Result> regroup(SqlConnection connection, DevicesRequest.RegroupDevices request) {
    int product = request.product();
    var add = new TreeSet<>(request.add());
    return store
        .groups(connection, product, add)
        .compose(
            added ->
                added.size() < add.size()
                    ? Future.succeededFuture(Result.GROUP_UNKNOWN)
                    : regroup(connection, request, added));
  }

  private Future<Result> regroup(
      SqlConnection connection, DevicesRequest.RegroupDevices request, List<String> added) {
    return store
        .groups(connection, request.product(), request.remove())
        .compose(
            removed ->
                store.regroup(connection, request.product(), request.devices(), added, removed))
        .map(Result.DONE);
  }

  private static Future<EditReply> answered(Future<ConfigurationWriter.Written<Result>> write) {
    return write.map(
        written ->
            switch (written.value()) {
              case DONE -> new DevicesReply.Edited(written.position());
              case NOT_FOUND -> new AccountsReply.NotFound();
              case GROUP_UNKNOWN -> new DevicesReply.EditRefused(Reason.GROUP_UNKNOWN);
              case SERIAL_NUMBER_IN_USE ->
                  new DevicesReply.EditRefused(Reason.SERIAL_NUMBER_IN_USE);
            });
  }
}
