package io.starling.accounts.device;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesReply.ClaimRefused.Reason;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives devices to accounts that claim them. To a person as its owner; to a customer within his
 * product, whose owner is the device's.
 */
final class Handover {
  private final HandoverStore store = new HandoverStore();

  /** Why a device is not given; empty if it is, or was that account's already. */
  Future<Optional<Reason>> give(
      SqlConnection connection, DeviceId device, AccountId account, boolean fromStock) {
    return store
        .customerOf(connection, account)
        .compose(
            customerOf ->
                store
                    .lock(connection, device)
                    .compose(
                        found ->
                            found.isEmpty() || customerOf.isEmpty()
                                ? refused(Reason.UNKNOWN)
                                : customerOf.get() == 0
                                    ? own(connection, device, found.get(), account, fromStock)
                                    : sell(
                                        connection,
                                        device,
                                        found.get(),
                                        new Customer(account, customerOf.get()),
                                        fromStock)));
  }

  /** A customer of a product. */
  private record Customer(AccountId account, int product) {}

  private Future<Optional<Reason>> own(
      SqlConnection connection,
      DeviceId device,
      HandoverStore.Before before,
      AccountId account,
      boolean fromStock) {
    if (account.equals(before.owner())) {
      return given();
    }
    return before.owner() == null || (fromStock && isInStock(before))
        ? store.giveToOwner(connection, device, account).compose(_ -> given())
        : refused(Reason.BELONGS_TO_ANOTHER);
  }

  private Future<Optional<Reason>> sell(
      SqlConnection connection,
      DeviceId device,
      HandoverStore.Before before,
      Customer customer,
      boolean fromStock) {
    @Nullable AccountId stock = before.stock();
    if (stock == null || before.product() != customer.product() || before.quarantined()) {
      return refused(Reason.UNKNOWN);
    }
    if (customer.account().equals(before.customer())) {
      return given();
    }
    return before.owner() == null || (fromStock && isInStock(before))
        ? store.giveToCustomer(connection, device, stock, customer.account()).compose(_ -> given())
        : refused(Reason.BELONGS_TO_ANOTHER);
  }

  /** Whether nobody has bought it yet: it is the owner's of the product that it is in. */
  private static boolean isInStock(HandoverStore.Before before) {
    return before.owner() != null
        && before.owner().equals(before.stock())
        && before.customer() == null
        && !before.quarantined();
  }

  private static Future<Optional<Reason>> given() {
    return Future.succeededFuture(Optional.empty());
  }

  static Future<Optional<Reason>> refused(Reason reason) {
    return Future.succeededFuture(Optional.of(reason));
  }

  /** The answer to a claim. */
  static DevicesReply.ClaimReply reply(
      DeviceId device, ConfigurationWriter.Written<Optional<Reason>> written) {
    return written
        .value()
        .<DevicesReply.ClaimReply>map(DevicesReply.ClaimRefused::new)
        .orElseGet(() -> new DevicesReply.Claimed(device, written.position()));
  }

  /** Takes a device in a product of an account from its customer; false if it is not there. */
  Future<Boolean> free(SqlConnection connection, AccountId owner, int product, DeviceId device) {
    return store.free(connection, owner, product, device);
  }
}
