package io.starling.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountId;
import io.starling.contract.Change;
import io.starling.contract.DeviceId;
import io.starling.contract.IntegrationId;
import io.starling.contract.JournalPosition;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DirectoryTest {
  private static final AccountId ID = AccountId.of("aaaaaaaaaaaaaaaaaaaaaaaa");

  private static final IntegrationId INTEGRATION = IntegrationId.of("cccccccccccccccccccccccc");

  private static final DeviceId DEVICE = DeviceId.of("0123456789abcdef01234567");

  private final Directory directory = new Directory(InstantSource.system());
  private final List<Change> told = new ArrayList<>();

  private static Change change(long sequence, boolean there) {
    var row =
        new JsonObject()
            .put("id", ID.toString())
            .put("email", "a@example.com")
            .put("created_at", Instant.EPOCH.toString());
    return new Change("account", ID.toString(), 1, sequence, there ? row.encode() : null);
  }

  private void apply(Change... changes) {
    directory.apply(List.of(changes), new JournalPosition(1, 0));
  }

  @Test
  void tellsWhatHasChangedOnceItHas() {
    var known = new ArrayList<Boolean>();
    var _ = directory.watch(_ -> known.add(directory.account(ID).isPresent()));
    var _ = directory.watch(told::addAll);
    apply(change(1, true));
    apply(change(2, false));
    assertThat(known).containsExactly(true, false);
    assertThat(told).containsExactly(change(1, true), change(2, false));
  }

  @Test
  void tellsNothingOfWhatItKnowsAlready() {
    apply(change(1, true), change(2, false));
    var _ = directory.watch(told::addAll);
    apply(change(1, true), change(2, false));
    assertThat(told).isEmpty();
  }

  @Test
  void tellsNobodyWhoDoesNotWantToKnowAnyMore() {
    directory.watch(told::addAll).run();
    apply(change(1, true));
    assertThat(told).isEmpty();
  }

  private Change device(long sequence, @Nullable Integer product, boolean quarantined) {
    var row =
        new JsonObject()
            .put("id", DEVICE.toString())
            .put("owner", ID.toString())
            .put("product", product)
            .put("secret_hash", "")
            .put("quarantined", quarantined)
            .put("created_at", Instant.EPOCH.toString());
    return new Change("device", DEVICE.toString(), 1, sequence, row.encode());
  }

  @Test
  void aDeviceInQuarantineIsInItsProductAndInNobodysList() {
    apply(device(1, 7, true));
    assertThat(directory.devicesOf(ID)).isEmpty();
    assertThat(directory.deviceOf(ID, DEVICE.toString())).isEmpty();
    assertThat(directory.devicesIn(7)).hasSize(1);

    apply(device(2, 7, false));
    assertThat(directory.devicesOf(ID)).hasSize(1);
    apply(device(3, 7, true));
    assertThat(directory.devicesOf(ID)).isEmpty();
    assertThat(directory.device(DEVICE)).isPresent();
  }

  @Test
  void aDeviceThatWasTakenOutOfItsProductIsInNone() {
    apply(device(1, 7, false));
    apply(device(2, null, false));
    assertThat(directory.devicesIn(7)).isEmpty();
    assertThat(directory.device(DEVICE).map(Entry.Device::product)).hasValue(0);
    assertThat(directory.devicesOf(ID)).hasSize(1);
  }

  private static Change integration(AccountId account, long sequence) {
    var row =
        new JsonObject()
            .put("id", INTEGRATION.toString())
            .put("account", account.toString())
            .put("event", "temp")
            .put("url", "http://h")
            .put("disabled", false)
            .put("configuration", new JsonObject())
            .put("created_at", Instant.EPOCH.toString());
    return new Change("integration", INTEGRATION.toString(), 1, sequence, row.encode());
  }

  @Test
  void anIntegrationThatMovedIsItsNewOwnersAlone() {
    var owner = AccountId.of("bbbbbbbbbbbbbbbbbbbbbbbb");
    apply(integration(ID, 1), integration(owner, 2));
    assertThat(directory.integration(owner, INTEGRATION)).isPresent();
    assertThat(directory.integrationsOf(ID)).isEmpty();
    apply(new Change("integration", INTEGRATION.toString(), 1, 3, null));
    assertThat(directory.integrationsOf(owner)).isEmpty();
  }

  private static Change customer(AccountId id, int product, long sequence, boolean there) {
    var row =
        new JsonObject()
            .put("id", id.toString())
            .put("email", "A@example.com")
            .put("kind", "customer")
            .put("product", product)
            .put("created_at", Instant.EPOCH.toString());
    return new Change("account", id.toString(), 1, sequence, there ? row.encode() : null);
  }

  @Test
  void aCustomerIsSomebodyInItsProductAlone() {
    var here = AccountId.create();
    var there = AccountId.create();
    apply(customer(here, 7, 1, true), customer(there, 8, 1, true));
    assertThat(directory.accountByEmail("a@example.com")).isEmpty();
    assertThat(directory.customers().find(7, "A@EXAMPLE.com").map(Entry.Account::id))
        .hasValue(here);
    assertThat(directory.customers().of(8)).extracting(Entry.Account::id).containsExactly(there);

    apply(change(1, true), customer(here, 7, 2, false));
    assertThat(directory.customers().of(7)).isEmpty();
    assertThat(directory.accountByEmail("a@example.com").map(Entry.Account::id)).hasValue(ID);
    apply(customer(there, 8, 2, false));
    assertThat(directory.accountByEmail("a@example.com")).isPresent();
  }

  @Test
  void aDeviceIsInTheListsOfItsOwnerAndOfItsCustomerWhileHeHasIt() {
    var customer = AccountId.create();
    var row = new JsonObject(Objects.requireNonNull(device(1, 7, false).row()));
    row.put("customer", customer.toString()).put("customer_since", "2026-01-01T00:00:00.5+00:00");
    apply(new Change("device", DEVICE.toString(), 1, 1, row.encode()));
    assertThat(directory.devicesOf(ID)).hasSize(1);
    assertThat(directory.deviceOf(customer, DEVICE.toString()).map(Entry.Device::owner))
        .hasValue(ID);
    assertThat(directory.devicesOf(customer)).hasSize(1);

    apply(device(2, 7, false));
    assertThat(directory.devicesOf(customer)).isEmpty();
    assertThat(directory.deviceOf(customer, DEVICE.toString())).isEmpty();
    assertThat(directory.devicesOf(ID)).hasSize(1);
  }
}
