package io.starling.api.ledgers;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.LedgersReply.State;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Exchange;
import io.starling.http.Page;
import io.starling.http.Timestamps;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Ledgers as their routes show them. */
final class LedgerJson {
  private static final Page.Bounds PAGES = new Page.Bounds(25, 100);

  private final Directory directory;

  LedgerJson(Directory directory) {
    this.directory = directory;
  }

  /** Which part of a list is wanted; empty if what is told of it is no number. */
  static Optional<Page> page(Exchange exchange) {
    return Page.of(exchange, PAGES, "per_page");
  }

  /** What is said of a page beside its list. */
  static JsonObject meta(Page page, long total) {
    return new JsonObject()
        .put("page", page.number())
        .put("per_page", page.size())
        .put("total_pages", page.pages(total))
        .put("total", total);
  }

  /** A definition. */
  static JsonObject of(Entry.Ledger ledger) {
    var archivedAt = ledger.archivedAt();
    return new JsonObject()
        .put("name", ledger.name())
        .put("description", ledger.description())
        .put("scope", ledger.scope().label())
        .put("direction", ledger.upstream() ? "Upstream" : "Downstream")
        .put("created_at", Timestamps.of(ledger.createdAt()))
        .put("updated_at", Timestamps.of(ledger.updatedAt()))
        .put("archived_at", archivedAt == null ? null : Timestamps.of(archivedAt));
  }

  /** An instance, or a version of one. */
  JsonObject of(Entry.Ledger ledger, State state) {
    var json =
        new JsonObject()
            .put("name", ledger.name())
            .put("scope", scope(ledger, state.scopeValue()))
            .put("version", state.version())
            .put("size_bytes", state.data().getBytes(StandardCharsets.UTF_8).length)
            .put("data", new JsonObject(state.data()))
            .put("created_at", Timestamps.of(state.createdAtMillis()))
            .put("updated_at", Timestamps.of(state.updatedAtMillis()));
    var replacedAt = state.replacedAtMillis();
    return replacedAt == null ? json : json.put("replaced_at", Timestamps.of(replacedAt));
  }

  private JsonObject scope(Entry.Ledger ledger, String value) {
    var scope = new JsonObject().put("type", ledger.scope().label()).put("value", value);
    name(ledger, value).ifPresent(name -> scope.put("name", name));
    return scope;
  }

  private Optional<String> name(Entry.Ledger ledger, String value) {
    return switch (ledger.scope()) {
      case OWNER -> directory.account(AccountId.of(value)).map(Entry.Account::email);
      case DEVICE ->
          directory
              .device(DeviceId.of(value))
              .filter(device -> ledger.account().equals(device.owner()))
              .flatMap(device -> Optional.ofNullable(device.name()));
      case PRODUCT -> directory.product(Integer.parseInt(value)).map(Entry.Product::name);
    };
  }

  /** An instance as the directory has it; empty if it was deleted. */
  static Optional<State> state(Entry.LedgerInstance instance) {
    String data = instance.data();
    return data == null
        ? Optional.empty()
        : Optional.of(
            new State(
                instance.scopeValue(),
                instance.version(),
                data,
                instance.createdAt().toEpochMilli(),
                instance.updatedAt().toEpochMilli(),
                null));
  }
}
