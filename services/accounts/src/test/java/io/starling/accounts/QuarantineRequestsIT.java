package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountsReply;
import io.starling.contract.DeviceId;
import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesReply.RegistrationRefused.Reason;
import io.starling.contract.DevicesRequest;
import io.starling.contract.ProductsRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Devices that register by themselves. */
@ExtendWith(AccountsExtension.class)
class QuarantineRequestsIT {
  private final AccountsNode node;

  QuarantineRequestsIT(AccountsNode node) {
    this.node = node;
  }

  @Test
  void anUnknownDeviceWaitsInQuarantineUntilItIsApprovedOrDenied() throws Exception {
    var ann = node.person();
    var ben = node.person();
    int product = node.product(ann);
    node.execute(
        "INSERT INTO accounts.product_authority (id, product, fingerprint, certificate)"
            + " VALUES ('%d/a', %d, 'a', '')".formatted(product, product));
    var id = DeviceId.create();
    var register = new DevicesRequest.RegisterDevice(id, product, "a");

    var notWanted = new DevicesReply.RegistrationRefused(Reason.NOT_WANTED);
    assertThat(node.ask(register)).isEqualTo(notWanted);
    assertThat(node.ask(ProductsRequest.EditProduct.quarantine(ben, product, true)))
        .isInstanceOf(AccountsReply.NotFound.class);
    node.ask(ProductsRequest.EditProduct.quarantine(ann, product, true));
    assertThat(node.ask(new DevicesRequest.RegisterDevice(id, product, "b"))).isEqualTo(notWanted);

    assertThat(node.ask(register)).isInstanceOf(DevicesReply.DeviceRegistered.class);
    assertThat(node.ask(register)).isInstanceOf(DevicesReply.DeviceRegistered.class);
    assertThat(node.changes("device", id.toString())).hasSize(1);
    assertThat(node.device(id).quarantined()).isTrue();
    assertThat(node.device(id).owner()).isEqualTo(ann);
    assertThat(node.ask(new DevicesRequest.ClaimDevice(ben, id)))
        .isInstanceOf(DevicesReply.ClaimRefused.class);
    assertThat(node.ask(new DevicesRequest.ReleaseDevice(ann, id)))
        .isInstanceOf(AccountsReply.NotFound.class);

    assertThat(node.ask(new DevicesRequest.AddDevices(ben, product, List.of(id))))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(node.ask(new DevicesRequest.RemoveDevice(ben, product, id, true)))
        .isInstanceOf(AccountsReply.NotFound.class);
    node.ask(new DevicesRequest.RemoveDevice(ann, product, id, true));
    assertThat(node.device(id).denied()).isTrue();
    assertThat(node.ask(register)).isInstanceOf(DevicesReply.DeviceRegistered.class);
    assertThat(node.device(id).denied()).isTrue();

    var strange = DeviceId.create();
    var approved =
        (DevicesReply.DevicesAdded)
            node.ask(new DevicesRequest.AddDevices(ann, product, List.of(id, strange)));
    assertThat(approved.added()).containsExactly(id);
    assertThat(approved.strange()).containsExactly(strange);
    assertThat(node.device(id).quarantined() || node.device(id).denied()).isFalse();
    var again =
        (DevicesReply.DevicesAdded)
            node.ask(new DevicesRequest.AddDevices(ann, product, List.of(id)));
    assertThat(again.existing()).containsExactly(id);
    assertThat(node.ask(new DevicesRequest.RemoveDevice(ann, product, id, true)))
        .isInstanceOf(AccountsReply.NotFound.class);

    int other = node.product(ann);
    node.ask(new DevicesRequest.RemoveDevice(ann, product, id, false));
    assertThat(node.device(id).product()).isZero();
    var moved =
        (DevicesReply.DevicesAdded)
            node.ask(new DevicesRequest.AddDevices(ann, other, List.of(id)));
    assertThat(moved.added()).containsExactly(id);
    assertThat(node.device(id).product()).isEqualTo(other);
  }

  @Test
  void aQuarantineThatIsFullTakesNobodyUntilSomebodyIsForgotten() throws Exception {
    var ann = node.person();
    int product = node.product(ann);
    node.execute(
        "INSERT INTO accounts.product_authority (id, product, fingerprint, certificate)"
            + " VALUES ('%d/a', %d, 'a', '')".formatted(product, product));
    node.ask(ProductsRequest.EditProduct.quarantine(ann, product, true));
    // One after the other would take too long; they need not come through the feed.
    node.execute(
        "ALTER TABLE accounts.device DISABLE TRIGGER USER;"
            + " INSERT INTO accounts.device (id, owner, product, secret_hash, quarantined)"
            + " SELECT lpad(to_hex(i), 24, '0'), '%s', %d, '', true".formatted(ann, product)
            + " FROM generate_series(1, 10000) AS i;"
            + " ALTER TABLE accounts.device ENABLE TRIGGER USER");
    var register = new DevicesRequest.RegisterDevice(DeviceId.create(), product, "a");
    assertThat(node.ask(register))
        .isEqualTo(new DevicesReply.RegistrationRefused(Reason.QUARANTINE_FULL));
    var first = DeviceId.of("000000000000000000000001");
    node.ask(new DevicesRequest.RemoveDevice(ann, product, first, false));
    assertThat(node.ask(register)).isInstanceOf(DevicesReply.DeviceRegistered.class);
  }
}
