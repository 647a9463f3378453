package io.starling.api;

import io.starling.contract.AccountsReply;
import io.starling.contract.BusMessage;
import io.starling.contract.LedgersReply;
import io.starling.contract.LedgersReply.State;
import io.starling.contract.LedgersRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The part of the accounts service that has ledgers, without a database. */
final class FakeLedgers {
  private static final String AT = "2026-01-01T00:00:00Z";
  private final FakeDirectory directory;
  private final Map<String, Long> versions = new ConcurrentHashMap<>();

  /** What devices reported, and what was replaced, of any ledger. */
  volatile List<State> states = List.of();

  FakeLedgers(FakeDirectory directory) {
    this.directory = directory;
  }

  BusMessage write(LedgersRequest request) {
    return switch (request) {
      case LedgersRequest.CreateLedger make -> {
        put(make);
        yield new LedgersReply.LedgerMade(directory.end());
      }
      case LedgersRequest.EditLedger edit -> {
        directory.archive("ledger", "id-" + edit.name(), Boolean.TRUE.equals(edit.archived()));
        yield new AccountsReply.Written(directory.end());
      }
      case LedgersRequest.SetInstance set -> set(set);
      case LedgersRequest.StoreReports _ -> new LedgersReply.ReportsStored();
      case LedgersRequest.FindReported find -> found(find.scopeValue());
      case LedgersRequest.FindVersions find -> found(find.scopeValue());
    };
  }

  private LedgersReply found(@Nullable String scopeValue) {
    var found =
        states.stream()
            .filter(state -> scopeValue == null || state.scopeValue().equals(scopeValue))
            .toList();
    return new LedgersReply.StatesFound(found, found.size());
  }

  private void put(LedgersRequest.CreateLedger make) {
    directory.put(
        "ledger",
        "id-" + make.name(),
        new JsonObject()
            .put("id", "id-" + make.name())
            .put("account", make.account().toString())
            .put("name", make.name())
            .put("scope", make.scope().name())
            .put("upstream", make.upstream())
            .put("description", make.description())
            .put("created_at", AT)
            .put("updated_at", AT));
  }

  private BusMessage set(LedgersRequest.SetInstance set) {
    String key = "id-" + set.ledger() + "/" + set.scopeValue();
    long before = versions.getOrDefault(key, 0L);
    if (set.ifVersion() != null && set.ifVersion() != before) {
      return new LedgersReply.InstanceRefused(
          LedgersReply.InstanceRefused.Reason.OTHER_VERSION, before);
    }
    versions.put(key, before + 1);
    directory.put(
        "ledger_instance",
        key,
        new JsonObject()
            .put("ledger", "id-" + set.ledger())
            .put("scope_value", set.scopeValue())
            .put("version", before + 1)
            .put("data", set.data())
            .put("created_at", AT)
            .put("updated_at", AT));
    return new LedgersReply.InstanceSet(before + 1, directory.end());
  }
}
