package io.starling.accounts.ledger;

import io.starling.contract.AccountsReply;
import io.starling.contract.IntegrationId;
import io.starling.contract.LedgersReply.InstanceRefused;
import io.starling.contract.LedgersReply.InstanceRefused.Reason;
import io.starling.contract.LedgersReply.InstanceReply;
import io.starling.contract.LedgersReply.InstanceSet;
import io.starling.contract.LedgersReply.LedgerMade;
import io.starling.contract.LedgersReply.LedgerRefused;
import io.starling.contract.LedgersReply.LedgerReply;
import io.starling.contract.LedgersRequest;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ledgers, and what people write into them. */
public final class Ledgers {
  private static final int MOST_OF_AN_ACCOUNT = 100;

  /** All of it stands in the heap of every node. */
  private static final long MOST_INSTANCES = 20_000;

  private static final long MOST_BYTES = 16L << 20;

  private final ConfigurationWriter writer;
  private final LedgerStore ledgers = new LedgerStore();
  private final InstanceStore instances = new InstanceStore();

  /** Ledgers written by this writer. */
  public Ledgers(ConfigurationWriter writer) {
    this.writer = writer;
  }

  /** Makes one. */
  public Future<LedgerReply> create(LedgersRequest.CreateLedger request) {
    return writer
        .write(connection -> create(connection, request))
        .map(
            written ->
                written
                    .value()
                    .<LedgerReply>map(LedgerRefused::new)
                    .orElseGet(() -> new LedgerMade(written.position())));
  }

  private Future<Optional<LedgerRefused.Reason>> create(
      SqlConnection connection, LedgersRequest.CreateLedger request) {
    return ledgers
        .count(connection, request.account())
        .compose(
            count ->
                count >= MOST_OF_AN_ACCOUNT
                    ? Future.succeededFuture(Optional.of(LedgerRefused.Reason.TOO_MANY))
                    : ledgers
                        .insert(connection, IntegrationId.create().toString(), request)
                        .map(
                            made ->
                                made
                                    ? Optional.empty()
                                    : Optional.of(LedgerRefused.Reason.NAME_IN_USE)));
  }

  /** Changes one. */
  public Future<AccountsReply.WriteReply> edit(LedgersRequest.EditLedger request) {
    return writer
        .write(connection -> ledgers.edit(connection, request))
        .map(
            written ->
                written.value()
                    ? new AccountsReply.Written(written.position())
                    : new AccountsReply.NotFound());
  }

  /** What came of a write. */
  private sealed interface Outcome {}

  private record Set(long version) implements Outcome {}

  private record Refused(Reason reason, long version) implements Outcome {}

  private record Absent() implements Outcome {}

  /** Writes an instance. */
  public Future<InstanceReply> set(LedgersRequest.SetInstance request) {
    return writer
        .write(
            connection ->
                ledgers
                    .lock(connection, request.account(), request.ledger())
                    .compose(
                        ledger ->
                            ledger.isEmpty()
                                ? Future.succeededFuture(new Absent())
                                : set(connection, ledger.get(), request)))
        .map(
            written ->
                switch (written.value()) {
                  case Set(long version) -> new InstanceSet(version, written.position());
                  case Refused(var reason, long version) -> new InstanceRefused(reason, version);
                  case Absent _ -> new AccountsReply.NotFound();
                });
  }

  private Future<Outcome> set(
      SqlConnection connection, LedgerStore.Found ledger, LedgersRequest.SetInstance request) {
    return instances
        .find(connection, ledger.id(), request.scopeValue())
        .compose(
            present -> {
              String data = changed(present, request);
              var refused = refusal(ledger, present, data, request);
              if (refused.isPresent()) {
                return Future.succeededFuture(new Refused(refused.get(), present.visibleVersion()));
              }
              if (data == null && present.data() == null) {
                return Future.succeededFuture(new Absent());
              }
              return put(connection, ledger.id(), present, data, request);
            });
  }

  private static @Nullable String changed(
      InstanceStore.Present present, LedgersRequest.SetInstance request) {
    String sent = request.data();
    if (sent == null || !request.merges()) {
      return sent;
    }
    var target = present.data() == null ? new JsonObject() : new JsonObject(present.data());
    return MergePatch.apply(target, new JsonObject(sent)).encode();
  }

  private static Optional<Reason> refusal(
      LedgerStore.Found ledger,
      InstanceStore.Present present,
      @Nullable String data,
      LedgersRequest.SetInstance request) {
    if (ledger.upstream() || ledger.archived()) {
      return Optional.of(Reason.NOT_WRITABLE);
    }
    if (request.ifVersion() != null && request.ifVersion() != present.visibleVersion()) {
      return Optional.of(Reason.OTHER_VERSION);
    }
    return data != null
            && data.getBytes(StandardCharsets.UTF_8).length > LedgersRequest.MAX_DATA_BYTES
        ? Optional.of(Reason.TOO_LARGE)
        : Optional.empty();
  }

  private Future<Outcome> put(
      SqlConnection connection,
      String ledger,
      InstanceStore.Present present,
      @Nullable String data,
      LedgersRequest.SetInstance request) {
    if (data == null) {
      return instances.put(connection, ledger, request.scopeValue(), null).map(Set::new);
    }
    long more = (long) data.length() - (present.data() == null ? 0 : present.data().length());
    return instances
        .size(connection, request.account())
        .compose(
            size ->
                (present.version() == 0 && size.instances() >= MOST_INSTANCES)
                        || (more > 0 && size.bytes() + more > MOST_BYTES)
                    ? Future.succeededFuture(new Refused(Reason.NO_ROOM, present.visibleVersion()))
                    : instances.put(connection, ledger, request.scopeValue(), data).map(Set::new));
  }
}
