package io.starling.accounts.ledger;

import io.starling.accounts.ledger.ReportStore.InstanceKey;
import io.starling.accounts.ledger.ReportStore.Replaced;
import io.starling.accounts.ledger.ReportStore.Reported;
import io.starling.contract.AccountsReply;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.LedgersReply.ReportsReply;
import io.starling.contract.LedgersReply.ReportsStored;
import io.starling.contract.LedgersReply.StatesFound;
import io.starling.contract.LedgersReply.StatesReply;
import io.starling.contract.LedgersRequest;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What devices report, and what is known of instances that is not in the directory. A batch is
 * stored whole or not at all; what stands already, or is older, changes nothing.
 */
public final class Reports {
  /** Who asks is answered within a second. */
  private static final Duration LIMIT = Duration.ofMillis(900);

  private final PrimaryPool database;
  private final LedgerStore ledgers = new LedgerStore();
  private final ReportStore reports = new ReportStore();

  /** Over the operational database. */
  public Reports(PrimaryPool database) {
    this.database = database;
  }

  /** Stores a batch. */
  public Future<ReportsReply> store(LedgersRequest.StoreReports request) {
    var events =
        EventBatch.decode(request.events()).stream()
            .filter(event -> event.name().startsWith(LedgersRequest.EVENT_PREFIX))
            .filter(event -> isObject(event.data()))
            .toList();
    return events.isEmpty()
        ? Future.succeededFuture(new ReportsStored())
        : database
            .withTransaction(connection -> store(connection, events))
            .map(new ReportsStored());
  }

  /** The gateway has looked already; but what cannot be stored must not hold up what can. */
  private static boolean isObject(Buffer data) {
    try {
      var _ = new JsonObject(data);
      return true;
    } catch (DecodeException _) {
      return false;
    }
  }

  private Future<Void> store(SqlConnection connection, List<Event> events) {
    var accounts = events.stream().map(event -> event.account().toString()).toList();
    var names = events.stream().map(Reports::ledgerName).toList();
    return reports
        .ledgers(connection, accounts, names)
        .compose(
            ids -> {
              var byKey = byKey(events, ids);
              return byKey.isEmpty()
                  ? Future.succeededFuture()
                  : reports
                      .present(connection, byKey.keySet())
                      .compose(present -> put(connection, byKey, present));
            });
  }

  private static String ledgerName(Event event) {
    return event.name().substring(LedgersRequest.EVENT_PREFIX.length());
  }

  /** In the order of their sequence, for the ledgers that there are. */
  private static Map<ReportStore.InstanceKey, List<Reported>> byKey(
      List<Event> events, Map<String, String> ids) {
    var byKey = new LinkedHashMap<InstanceKey, List<Reported>>();
    for (var event : events) {
      String ledger = ids.get(event.account() + "/" + ledgerName(event));
      if (ledger != null) {
        var key = new InstanceKey(ledger, event.id().origin().toString());
        byKey
            .computeIfAbsent(key, _ -> new ArrayList<>())
            .add(
                new Reported(
                    key,
                    event.publishedAtMillis(),
                    event.id().epoch(),
                    event.id().sequence(),
                    event.data().toString(),
                    ReportStore.at(event.publishedAtMillis())));
      }
    }
    return byKey;
  }

  private Future<Void> put(
      SqlConnection connection,
      Map<InstanceKey, List<Reported>> byKey,
      Map<InstanceKey, Reported> present) {
    var now = new ArrayList<Reported>();
    var before = new ArrayList<Replaced>();
    byKey.forEach(
        (key, states) -> {
          Reported last = present.get(key);
          boolean moved = false;
          for (var state : states) {
            if (last == null) {
              last = state;
              moved = true;
            } else if (state.isAfter(last)) {
              before.add(new Replaced(last, state.at()));
              last = behind(last, state);
              moved = true;
            }
          }
          if (moved && last != null) {
            now.add(last);
          }
        });
    return now.isEmpty() ? Future.succeededFuture() : reports.put(connection, now, before);
  }

  /** Of two reports in a millisecond the later one has the higher version, too. */
  private static Reported behind(Reported last, Reported state) {
    return new Reported(
        state.key(),
        Math.max(last.version() + 1, state.version()),
        state.epoch(),
        state.sequence(),
        state.data(),
        state.at());
  }

  /** What was reported. */
  public Future<StatesReply> find(LedgersRequest.FindReported request) {
    int limit = Math.clamp(request.limit(), 1, LedgersRequest.FindReported.MAX_LIMIT);
    return database.withConnection(
        LIMIT,
        connection ->
            withLedger(
                ledgers.find(connection, request.account(), request.ledger()),
                ledger ->
                    reports
                        .find(
                            connection,
                            ledger.id(),
                            request.scopeValue(),
                            Math.max(0, request.offset()),
                            limit)
                        .compose(
                            states ->
                                reports
                                    .count(connection, ledger.id())
                                    .map(total -> new StatesFound(states, total)))));
  }

  /** The versions of an instance. */
  public Future<StatesReply> versions(LedgersRequest.FindVersions request) {
    return database.withConnection(
        LIMIT,
        connection ->
            withLedger(
                ledgers.find(connection, request.account(), request.ledger()),
                ledger ->
                    reports
                        .versions(connection, ledger.id(), request.scopeValue())
                        .map(states -> new StatesFound(states, states.size()))));
  }

  private static Future<StatesReply> withLedger(
      Future<Optional<LedgerStore.Found>> found,
      Function<LedgerStore.Found, Future<StatesFound>> then) {
    return found.compose(
        ledger ->
            ledger.isEmpty()
                ? Future.succeededFuture(new AccountsReply.NotFound())
                : then.apply(ledger.get()).map(states -> states));
  }
}
