package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.DeviceChange;
import io.starling.contract.DeviceId;
import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesRequest;
import io.starling.contract.ProductsReply;
import io.starling.contract.ProductsRequest;
import io.starling.directory.Entry;
import io.starling.directory.Secrets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is asked about devices. */
@ExtendWith(AccountsExtension.class)
class DeviceRequestsIT {
  private final AccountsNode node;

  DeviceRequestsIT(AccountsNode node) {
    this.node = node;
  }

  @Test
  void makesDevicesOnlyInOnesOwnProduct() throws Exception {
    var ann = node.person();
    var ben = node.person();
    int product = node.product(ann);

    var made =
        (DevicesReply.DevicesCreated) node.ask(new DevicesRequest.CreateDevices(ann, product, 3));
    assertThat(made.devices()).hasSize(3);
    var device = made.devices().getFirst();
    assertThat(node.changes("device", device.id().toString()).getFirst().row())
        .contains(Secrets.hash(device.secret()))
        .contains(ann.toString())
        .doesNotContain(device.secret());
    assertThat(node.ask(new DevicesRequest.CreateDevices(ben, product, 1)))
        .isInstanceOf(AccountsReply.NotFound.class);
  }

  @Test
  void devicesAreMadeWithWhatIsPrintedOnThem() throws Exception {
    var ann = node.person();
    int product = node.product(ann);
    var made =
        (DevicesReply.DevicesCreated)
            node.ask(new DevicesRequest.CreateDevices(ann, product, 2, true));
    for (var device : made.devices()) {
      var ben = node.person();
      String secret = Objects.requireNonNull(device.claimSecret());
      var claim = new DevicesRequest.ClaimBySecret(ben, device.id(), secret, "7.4.2.1");
      assertThat(node.ask(claim)).isInstanceOf(DevicesReply.Claimed.class);
    }
  }

  @Test
  void aDeviceChangesHandsOnlyWhenNobodyOwnsIt() throws Exception {
    var ann = node.person();
    var ben = node.person();
    var device =
        ((DevicesReply.DevicesCreated)
                node.ask(new DevicesRequest.CreateDevices(ann, node.product(ann), 1)))
            .devices()
            .getFirst()
            .id();

    assertThat(node.ask(new DevicesRequest.ClaimDevice(ben, device)))
        .isEqualTo(
            new DevicesReply.ClaimRefused(DevicesReply.ClaimRefused.Reason.BELONGS_TO_ANOTHER));
    assertThat(node.ask(new DevicesRequest.ClaimDevice(ben, DeviceId.create())))
        .isEqualTo(new DevicesReply.ClaimRefused(DevicesReply.ClaimRefused.Reason.UNKNOWN));
    assertThat(node.ask(new DevicesRequest.EditDevice(ben, 0, device, DeviceChange.named("mine"))))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(node.ask(new DevicesRequest.ReleaseDevice(ben, device)))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(node.ask(new DevicesRequest.ReleaseDevice(ann, device)))
        .isInstanceOf(AccountsReply.Written.class);
    assertThat(node.ask(new DevicesRequest.ClaimDevice(ben, device)))
        .isInstanceOf(DevicesReply.Claimed.class);
    assertThat(node.ask(new DevicesRequest.EditDevice(ben, 0, device, DeviceChange.named("mine"))))
        .isInstanceOf(DevicesReply.Edited.class);
    assertThat(node.changes("device", device.toString())).hasSize(4);
  }

  @Test
  void answersOnceAllOfALargeTransactionIsInTheDirectory() throws Exception {
    var owner = node.person();
    int product = node.product(owner);

    // Twice what the feed carries at once: its last page is full.
    var made =
        (DevicesReply.DevicesCreated)
            node.ask(new DevicesRequest.CreateDevices(owner, product, 1_000));

    assertThat(made.devices()).hasSize(1_000);
    assertThat(made.devices())
        .allSatisfy(
            device -> assertThat(node.changes("device", device.id().toString())).hasSize(1));
  }

  private String group(AccountId owner, int product, String name) throws Exception {
    return ((ProductsReply.GroupSaved)
            node.ask(new ProductsRequest.CreateGroup(owner, product, name, "", "")))
        .id();
  }

  private static DeviceChange groups(String... names) {
    return new DeviceChange(null, null, null, null, null, null, null, List.of(names));
  }

  private static DeviceChange serial(String serialNumber) {
    return new DeviceChange(null, null, serialNumber, null, null, null, null, null);
  }

  @Test
  void theOwnerOfAProductSetsWhatIsAboutItsDevicesWhoeverOwnsThem() throws Exception {
    var ann = node.person();
    var ben = node.person();
    int product = node.product(ann);
    var device = node.devices(ann, product, 1).getFirst();
    node.ask(new DevicesRequest.ReleaseDevice(ann, device));
    node.ask(new DevicesRequest.ClaimDevice(ben, device));
    var change = new DeviceChange("n", "o", "SN-1", true, false, true, 7, List.of());

    assertThat(node.ask(new DevicesRequest.EditDevice(ann, 0, device, change)))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(node.ask(new DevicesRequest.EditDevice(ben, product, device, change)))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(node.ask(new DevicesRequest.EditDevice(ann, product, device, change)))
        .isInstanceOf(DevicesReply.Edited.class);
    var row = node.device(device);
    assertThat(row.settings())
        .isEqualTo(new Entry.Settings("SN-1", true, false, true, 7, List.of()));
    assertThat(row.name()).isEqualTo("n");
    assertThat(row.notes()).isEqualTo("o");
    var unlock = new DeviceChange("", "", "", null, null, null, DeviceChange.UNLOCK, null);
    node.ask(new DevicesRequest.EditDevice(ann, product, device, unlock));
    assertThat(node.device(device).settings())
        .isEqualTo(new Entry.Settings(null, true, false, true, null, List.of()));
    assertThat(node.device(device).name()).isNull();
  }

  @Test
  void aSerialNumberIsOneDevicesOfItsProduct() throws Exception {
    var ann = node.person();
    int product = node.product(ann);
    int other = node.product(ann);
    var devices = node.devices(ann, product, 2);
    var elsewhere = node.devices(ann, other, 1).getFirst();

    node.ask(new DevicesRequest.EditDevice(ann, product, devices.getFirst(), serial("SN")));
    assertThat(
            node.ask(new DevicesRequest.EditDevice(ann, product, devices.getLast(), serial("SN"))))
        .isEqualTo(
            new DevicesReply.EditRefused(DevicesReply.EditRefused.Reason.SERIAL_NUMBER_IN_USE));
    assertThat(node.ask(new DevicesRequest.EditDevice(ann, other, elsewhere, serial("SN"))))
        .isInstanceOf(DevicesReply.Edited.class);
  }

  @Test
  void groupsAreThoseOfTheProductAndAreLostWithIt() throws Exception {
    var ann = node.person();
    int product = node.product(ann);
    String red = group(ann, product, "red");
    String blue = group(ann, product, "blue");
    var _ = group(ann, node.product(ann), "others");
    var devices = node.devices(ann, product, 2);
    var first = devices.getFirst();

    assertThat(node.ask(new DevicesRequest.EditDevice(ann, product, first, groups("others"))))
        .isEqualTo(new DevicesReply.EditRefused(DevicesReply.EditRefused.Reason.GROUP_UNKNOWN));
    node.ask(new DevicesRequest.EditDevice(ann, product, first, groups("red")));
    assertThat(node.device(first).settings().groups()).containsExactly(red);
    var regroup =
        new DevicesRequest.RegroupDevices(
            ann, product, devices, List.of("blue"), List.of("red", "unknown"));
    assertThat(node.ask(regroup)).isInstanceOf(DevicesReply.Edited.class);
    assertThat(devices)
        .allSatisfy(id -> assertThat(node.device(id).settings().groups()).containsExactly(blue));
    assertThat(
            node.ask(
                new DevicesRequest.RegroupDevices(
                    node.person(), product, devices, List.of(), List.of("blue"))))
        .isInstanceOf(AccountsReply.NotFound.class);
    node.ask(new DevicesRequest.RemoveDevice(ann, product, first, false));
    assertThat(node.device(first).settings().groups()).isEmpty();
  }

  private String code(AccountId account) throws Exception {
    return ((DevicesReply.ClaimCodeCreated) node.ask(new DevicesRequest.CreateClaimCode(account)))
        .code();
  }

  private DevicesReply.ClaimReply show(DeviceId device, String code) throws Exception {
    return node.ask(new DevicesRequest.ShowClaimCode(device, code));
  }

  @Test
  void aClaimCodeIsGoodForOneDeviceThatNobodyHasBought() throws Exception {
    var ann = node.person();
    var ben = node.person();
    var devices = node.devices(ann, node.product(ann), 2);
    var invalid = new DevicesReply.ClaimRefused(DevicesReply.ClaimRefused.Reason.CODE_INVALID);
    String code = code(ben);

    assertThat(code).matches("[A-Za-z0-9+/]{63}");
    assertThat(show(devices.getFirst(), "x".repeat(63))).isEqualTo(invalid);
    assertThat(show(devices.getFirst(), code)).isInstanceOf(DevicesReply.Claimed.class);
    assertThat(node.device(devices.getFirst()).owner()).isEqualTo(ben);
    assertThat(show(devices.getLast(), code)).isEqualTo(invalid);
    assertThat(node.directory().changes().toString()).doesNotContain(Secrets.hash(code));

    String another = code(node.person());
    assertThat(show(devices.getFirst(), another))
        .isEqualTo(
            new DevicesReply.ClaimRefused(DevicesReply.ClaimRefused.Reason.BELONGS_TO_ANOTHER));
    node.execute("UPDATE accounts.claim_code SET expires_at = now()");
    assertThat(show(devices.getLast(), another)).isEqualTo(invalid);
  }

  @Test
  void anAccountHasOnlySoManyClaimCodes() throws Exception {
    var ann = node.person();
    node.execute(
        "INSERT INTO accounts.claim_code (hash, account, expires_at)"
            + " SELECT '%1$s' || i, '%1$s', now() + interval '1 hour' FROM generate_series(1, 100) AS i"
                .formatted(ann));
    assertThat(node.ask(new DevicesRequest.CreateClaimCode(ann)))
        .isEqualTo(new DevicesReply.TooManyClaimCodes());
  }

  @Test
  void aPublicKeyIsKeptOfOnesOwnDeviceAndNotToldTheDirectory() throws Exception {
    var ann = node.person();
    var device = node.devices(ann, node.product(ann), 1).getFirst();
    var key = new DevicesRequest.StorePublicKey(ann, device, "ecc", "pem-of-a-key");

    assertThat(node.ask(new DevicesRequest.StorePublicKey(node.person(), device, "ecc", "other")))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(node.ask(key)).isInstanceOf(AccountsReply.Written.class);
    assertThat(node.ask(key)).isInstanceOf(AccountsReply.Written.class);
    assertThat(node.directory().changes().toString()).doesNotContain("pem-of-a-key");
  }
}
