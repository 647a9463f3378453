package io.starling.accounts;

import static io.starling.contract.LedgerScope.DEVICE;
import static io.starling.contract.LedgerScope.OWNER;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.LedgersReply.InstanceRefused;
import io.starling.contract.LedgersReply.InstanceReply;
import io.starling.contract.LedgersReply.InstanceSet;
import io.starling.contract.LedgersReply.LedgerMade;
import io.starling.contract.LedgersReply.LedgerRefused;
import io.starling.contract.LedgersReply.ReportsStored;
import io.starling.contract.LedgersReply.State;
import io.starling.contract.LedgersReply.StatesFound;
import io.starling.contract.LedgersRequest;
import io.starling.contract.Origin;
import io.starling.directory.Entry;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is asked about ledgers. */
@ExtendWith(AccountsExtension.class)
class LedgerRequestsIT {
  private static final long AT = 1_767_323_045_678L;

  private final AccountsNode node;
  private AccountId ann;

  LedgerRequestsIT(AccountsNode node) {
    this.node = node;
  }

  @BeforeEach
  void start() throws Exception {
    ann = node.person();
  }

  @CanIgnoreReturnValue
  private Object create(AccountId account, String name, boolean upstream) throws Exception {
    var scope = upstream ? DEVICE : OWNER;
    return node.ask(new LedgersRequest.CreateLedger(account, name, scope, upstream, "what for"));
  }

  @CanIgnoreReturnValue
  private InstanceReply set(@Nullable String data, boolean merges, @Nullable Long ifVersion)
      throws Exception {
    return node.ask(
        new LedgersRequest.SetInstance(ann, "config", ann.toString(), data, merges, ifVersion));
  }

  @CanIgnoreReturnValue
  private long set(String data) throws Exception {
    return ((InstanceSet) set(data, false, null)).version();
  }

  private Entry.LedgerInstance instance() throws Exception {
    String key = "SELECT id FROM accounts.ledger_instance WHERE scope_value = '" + ann + "'";
    var row = node.changes("ledger_instance", node.value(key)).getLast().row();
    return (Entry.LedgerInstance)
        Objects.requireNonNull(Entry.of("ledger_instance", Objects.requireNonNull(row)));
  }

  @Test
  void aNameIsOneLedgerOfAnAccountAndItIsInTheDirectoryWhenItIsMade() throws Exception {
    var ben = node.person();
    assertThat(create(ann, "config", false)).isInstanceOf(LedgerMade.class);
    assertThat(create(ann, "config", true))
        .isEqualTo(new LedgerRefused(LedgerRefused.Reason.NAME_IN_USE));
    assertThat(create(ben, "config", true)).isInstanceOf(LedgerMade.class);

    String id = node.value("SELECT id FROM accounts.ledger WHERE account = '" + ann + "'");
    var row = Objects.requireNonNull(node.changes("ledger", id).getLast().row());
    var ledger = (Entry.Ledger) Objects.requireNonNull(Entry.of("ledger", row));
    assertThat(ledger.account()).isEqualTo(ann);
    assertThat(ledger.scope()).isEqualTo(OWNER);
    assertThat(ledger.isInUse()).isTrue();
  }

  @Test
  void anAccountHasOnlySoManyLedgers() throws Exception {
    for (int i = 0; i < 100; i++) {
      assertThat(create(ann, "l" + i, false)).isInstanceOf(LedgerMade.class);
    }
    assertThat(create(ann, "more", false))
        .isEqualTo(new LedgerRefused(LedgerRefused.Reason.TOO_MANY));
  }

  @Test
  void anArchivedLedgerIsNotWrittenUntilItIsBack() throws Exception {
    create(ann, "config", false);
    var edit = new LedgersRequest.EditLedger(ann, "config", null, true);
    assertThat(node.ask(edit)).isInstanceOf(AccountsReply.Written.class);
    assertThat(set("{}", false, null))
        .isEqualTo(new InstanceRefused(InstanceRefused.Reason.NOT_WRITABLE, 0));

    node.ask(new LedgersRequest.EditLedger(ann, "config", "new", false));
    assertThat(set("{}", false, null)).isInstanceOf(InstanceSet.class);
    assertThat(node.ask(new LedgersRequest.EditLedger(node.person(), "config", "x", null)))
        .isInstanceOf(AccountsReply.NotFound.class);
  }

  @Test
  void anInstanceIsReplacedOrMergedAndItsVersionGrows() throws Exception {
    create(ann, "config", false);
    long first = set("{\"a\":1,\"b\":{\"c\":2,\"d\":3}}");
    var merged = (InstanceSet) set("{\"a\":null,\"b\":{\"d\":4}}", true, null);
    assertThat(merged.version()).isGreaterThan(first);
    assertThat(instance().data()).isEqualTo("{\"b\":{\"c\":2,\"d\":4}}");
    assertThat(instance().version()).isEqualTo(merged.version());

    set("{\"é\":\"\\u0000\"}");
    assertThat(instance().data()).isEqualTo("{\"é\":\"\\u0000\"}");
  }

  @Test
  void aWriteWithAVersionIsRefusedAfterAnotherOne() throws Exception {
    create(ann, "config", false);
    assertThat(set("{}", false, 5L))
        .isEqualTo(new InstanceRefused(InstanceRefused.Reason.OTHER_VERSION, 0));
    long first = ((InstanceSet) set("{\"n\":1}", false, 0L)).version();
    long second = ((InstanceSet) set("{\"n\":2}", false, first)).version();

    assertThat(set("{\"n\":3}", false, first))
        .isEqualTo(new InstanceRefused(InstanceRefused.Reason.OTHER_VERSION, second));
    assertThat(instance().data()).isEqualTo("{\"n\":2}");
  }

  @Test
  void aDeletedInstanceGoesOnBehindItsLastVersion() throws Exception {
    create(ann, "config", false);
    assertThat(set(null, false, null)).isInstanceOf(AccountsReply.NotFound.class);
    long first = set("{\"n\":1}");
    long deleted = ((InstanceSet) set(null, false, null)).version();
    assertThat(deleted).isGreaterThan(first);
    assertThat(instance().data()).isNull();
    assertThat(set(null, false, null)).isInstanceOf(AccountsReply.NotFound.class);
    assertThat(((InstanceSet) set("{}", true, 0L)).version()).isGreaterThan(deleted);
  }

  @Test
  void anInstanceAndWhatAnAccountHasTogetherAreBounded() throws Exception {
    create(ann, "config", false);
    String most = "{\"a\":\"" + "x".repeat(16 * 1024 - 8) + "\"}";
    set(most);
    assertThat(set("{\"b\":1}", true, null))
        .isInstanceOfSatisfying(
            InstanceRefused.class,
            refused -> assertThat(refused.reason()).isEqualTo(InstanceRefused.Reason.TOO_LARGE));

    node.execute(
        "INSERT INTO accounts.ledger_instance (id, ledger, scope_value, version, data)"
            + " SELECT ledger || '/' || n, ledger, n, 1, data FROM accounts.ledger_instance,"
            + " generate_series(1, 1023) AS n WHERE scope_value = '"
            + ann
            + "'");
    var one = new LedgersRequest.SetInstance(ann, "config", "1024", "{}", false, null);
    assertThat(node.ask(one)).isEqualTo(new InstanceRefused(InstanceRefused.Reason.NO_ROOM, 0));
    assertThat(set("{}", false, null)).isInstanceOf(InstanceSet.class);
  }

  @Test
  void theLastReplacedVersionsAreKept() throws Exception {
    create(ann, "config", false);
    for (int i = 0; i < 13; i++) {
      set("{\"n\":" + i + "}");
    }
    var versions = versions("config", ann.toString());
    assertThat(versions)
        .extracting(State::data)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(2, 12).mapToObj(i -> "{\"n\":" + (14 - i) + "}").toList());
    assertThat(versions.getFirst().replacedAtMillis()).isNull();
    assertThat(versions.subList(1, 11)).noneMatch(old -> old.replacedAtMillis() == null);
    assertThat(node.ask(new LedgersRequest.FindVersions(node.person(), "config", "" + ann)))
        .isInstanceOf(AccountsReply.NotFound.class);
  }

  private List<State> versions(String ledger, String scopeValue) throws Exception {
    return ((StatesFound) node.ask(new LedgersRequest.FindVersions(ann, ledger, scopeValue)))
        .states();
  }

  private Event report(DeviceId device, long sequence, String ledger, String data) {
    return new Event(
        new EventId(device, 1, sequence),
        Origin.DEVICE,
        ann,
        0,
        LedgersRequest.EVENT_PREFIX + ledger,
        Buffer.buffer(data),
        EventClass.NORMAL,
        AT);
  }

  private void store(Event... events) throws Exception {
    var batch = Buffer.buffer();
    List.of(events).forEach(event -> EventBatch.write(batch, event));
    assertThat(node.ask(new LedgersRequest.StoreReports(batch))).isInstanceOf(ReportsStored.class);
  }

  private StatesFound reported(@Nullable String device) throws Exception {
    return (StatesFound) node.ask(new LedgersRequest.FindReported(ann, "status", device, 0, 100));
  }

  @Test
  void whatDevicesReportIsStoredOnceAndTheLastCounts() throws Exception {
    var one = DeviceId.create();
    var other = DeviceId.create();
    create(ann, "status", true);
    store(report(one, 1, "status", "{\"n\":1}"), report(other, 1, "status", "{\"n\":7}"));
    store(report(one, 2, "status", "{\"n\":2}"), report(one, 3, "status", "{\"n\":3}"));
    store(report(one, 1, "status", "{\"n\":1}"), report(one, 2, "status", "{\"n\":2}"));

    assertThat(reported(null).total()).isEqualTo(2);
    assertThat(reported(one.toString()).states())
        .singleElement()
        .satisfies(
            state -> {
              assertThat(state.data()).isEqualTo("{\"n\":3}");
              assertThat(state.version()).isEqualTo(AT + 2);
              assertThat(state.updatedAtMillis()).isEqualTo(AT);
            });
    assertThat(versions("status", one.toString()))
        .extracting(State::data)
        .containsExactly("{\"n\":3}", "{\"n\":2}", "{\"n\":1}");
    assertThat(node.changes("ledger_report", one.toString())).isEmpty();
  }

  @Test
  void reportsThatNobodyWantsHoldUpNoOthers() throws Exception {
    var device = DeviceId.create();
    create(ann, "status", true);
    create(ann, "config", false);
    store(
        report(device, 1, "config", "{}"),
        report(device, 2, "unknown", "{}"),
        report(device, 3, "status", "no JSON"),
        report(device, 4, "status", "{\"a\":\"\\u0000\"}"));

    assertThat(reported(null).states())
        .extracting(State::data)
        .containsExactly("{\"a\":\"\\u0000\"}");
    assertThat(versions("config", device.toString())).isEmpty();
  }
}
