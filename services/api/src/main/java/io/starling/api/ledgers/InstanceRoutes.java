package io.starling.api.ledgers;

import io.starling.api.access.Access;
import io.starling.api.region.ConfigurationClient;
import io.starling.contract.AccountsReply;
import io.starling.contract.LedgersReply;
import io.starling.contract.LedgersReply.State;
import io.starling.contract.LedgersRequest;
import io.starling.contract.Request;
import io.starling.contract.Scope;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.starling.http.Fields;
import io.starling.http.Page;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** The states that ledgers have. */
public final class InstanceRoutes {
  private static final Answer.Whole ABSENT = Errors.error(404, "Ledger instance not found.");

  private final Access access;
  private final Directory directory;
  private final ConfigurationClient configuration;
  private final ScopeValues scopes;
  private final LedgerJson json;

  /** Routes that read here, or through the accounts service, and write there. */
  public InstanceRoutes(Access access, Directory directory, ConfigurationClient configuration) {
    this.access = access;
    this.directory = directory;
    this.configuration = configuration;
    this.scopes = new ScopeValues(directory);
    this.json = new LedgerJson(directory);
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    for (String ledgers : LedgerRoutes.PLACES) {
      String all = ledgers + "/:ledger/instances";
      String one = all + "/:scope";
      String versions = one + "/versions";
      endpoints.guarded(HttpMethod.GET, all, Scope.LEDGERS_GET, this::list);
      endpoints.guarded(HttpMethod.GET, one, Scope.LEDGERS_GET, this::get);
      endpoints.guarded(HttpMethod.PUT, one, Scope.LEDGERS_UPDATE, this::put);
      endpoints.guarded(HttpMethod.DELETE, one, Scope.LEDGERS_UPDATE, this::delete);
      endpoints.guarded(HttpMethod.GET, versions, Scope.LEDGERS_GET, this::versions);
      endpoints.guarded(HttpMethod.GET, versions + "/:version", Scope.LEDGERS_GET, this::version);
    }
  }

  private Future<Answer.Whole> with(
      Exchange exchange, Function<Entry.Ledger, Future<Answer.Whole>> then) {
    return LedgerRoutes.ledger(access, directory, exchange)
        .map(then)
        .orElseGet(() -> Future.succeededFuture(LedgerRoutes.ABSENT));
  }

  private Future<Answer.Whole> list(Exchange exchange) {
    var page = LedgerJson.page(exchange);
    if (page.isEmpty()) {
      return refuse("page and per_page must be numbers from 1");
    }
    return with(
        exchange,
        ledger ->
            ledger.upstream()
                ? ask(
                    exchange,
                    new LedgersRequest.FindReported(
                        ledger.account(),
                        ledger.name(),
                        null,
                        page.get().offset(),
                        page.get().size()),
                    (states, total) -> listed(ledger, page.get(), states, total))
                : Future.succeededFuture(desired(ledger, page.get())));
  }

  private Answer.Whole desired(Entry.Ledger ledger, Page page) {
    var all =
        directory.ledgers().instances(ledger).stream()
            .flatMap(instance -> LedgerJson.state(instance).stream())
            .sorted(Comparator.comparing(State::scopeValue))
            .toList();
    return listed(ledger, page, page.of(all), (long) all.size());
  }

  private Answer.Whole listed(Entry.Ledger ledger, Page page, List<State> states, Long total) {
    var shown = new JsonArray();
    states.stream().map(state -> json.of(ledger, state)).forEach(shown::add);
    return Answer.json(
        new JsonObject().put("instances", shown).put("meta", LedgerJson.meta(page, total)));
  }

  private Future<Answer.Whole> get(Exchange exchange) {
    return with(
        exchange,
        ledger -> {
          String value = scopes.known(ledger, exchange.path("scope"));
          return ledger.upstream()
              ? ask(
                  exchange,
                  new LedgersRequest.FindReported(ledger.account(), ledger.name(), value, 0, 1),
                  (states, _) -> shown(ledger, states.stream().findFirst()))
              : Future.succeededFuture(desired(ledger, value));
        });
  }

  private Answer.Whole desired(Entry.Ledger ledger, String value) {
    return shown(ledger, directory.ledgers().instance(ledger, value).flatMap(LedgerJson::state));
  }

  private Answer.Whole shown(Entry.Ledger ledger, Optional<State> state) {
    return state
        .map(
            it ->
                Answer.json(new JsonObject().put("instance", json.of(ledger, it)))
                    .with("ETag", "\"" + it.version() + "\""))
        .orElse(ABSENT);
  }

  private Future<Answer.Whole> put(Exchange exchange) {
    Fields instance = exchange.fields().object("instance");
    if (!(instance.all().getValue("data") instanceof JsonObject data)) {
      return refuse("instance.data must be an object");
    }
    String mode = exchange.query("set_mode").orElse("Replace");
    if (!mode.equals("Replace") && !mode.equals("Merge")) {
      return refuse("set_mode must be Replace or Merge");
    }
    if (instance.has("version") && instance.number("version").isEmpty()) {
      return refuse("instance.version must be a number");
    }
    return with(
        exchange,
        ledger ->
            scopes
                .writable(ledger, exchange.path("scope"))
                .map(
                    value ->
                        write(
                            ledger,
                            exchange,
                            new LedgersRequest.SetInstance(
                                ledger.account(),
                                ledger.name(),
                                value,
                                data.encode(),
                                mode.equals("Merge"),
                                Conditions.version(exchange, instance).orElse(null)),
                            () -> desired(ledger, value)))
                .orElseGet(() -> Future.succeededFuture(ABSENT)));
  }

  private Future<Answer.Whole> delete(Exchange exchange) {
    return with(
        exchange,
        ledger ->
            write(
                ledger,
                exchange,
                new LedgersRequest.SetInstance(
                    ledger.account(),
                    ledger.name(),
                    scopes.known(ledger, exchange.path("scope")),
                    null,
                    false,
                    Conditions.version(exchange, Fields.none()).orElse(null)),
                () -> Answer.empty(204)));
  }

  private Future<Answer.Whole> write(
      Entry.Ledger ledger,
      Exchange exchange,
      LedgersRequest.SetInstance request,
      Supplier<Answer.Whole> done) {
    return configuration
        .by(exchange)
        .write(request)
        .compose(
            reply ->
                switch (reply) {
                  case LedgersReply.InstanceSet set -> configuration.seen(set.position(), done);
                  case LedgersReply.InstanceRefused refused ->
                      Future.succeededFuture(refused(ledger, exchange, refused));
                  case AccountsReply.NotFound _ -> Future.succeededFuture(ABSENT);
                  case AccountsReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(ConfigurationClient.unavailable(seconds));
                });
  }

  private static Answer.Whole refused(
      Entry.Ledger ledger, Exchange exchange, LedgersReply.InstanceRefused refused) {
    return switch (refused.reason()) {
      case OTHER_VERSION ->
          Errors.error(
              Conditions.isHeader(exchange) ? 412 : 409,
              "The instance has changed: its version is " + refused.version());
      case TOO_LARGE ->
          Errors.badRequest(
              "data would be larger than " + LedgersRequest.MAX_DATA_BYTES + " bytes");
      case NO_ROOM ->
          Errors.badRequest(
              "The ledgers of the account have as many instances, or as much data, as they may");
      case NOT_WRITABLE ->
          Errors.badRequest(
              ledger.upstream()
                  ? "Devices write this ledger: its direction is Upstream"
                  : "The ledger is archived");
    };
  }

  private Future<Answer.Whole> versions(Exchange exchange) {
    Optional<Long> before;
    Optional<Long> after;
    try {
      before = exchange.query("replaced_before").map(InstanceRoutes::millis);
      after = exchange.query("replaced_after").map(InstanceRoutes::millis);
    } catch (DateTimeParseException _) {
      return refuse("replaced_before and replaced_after must be times in ISO 8601");
    }
    return askVersions(
        exchange,
        (ledger, states) -> {
          var shown = new JsonArray();
          states.stream()
              .filter(state -> before.isEmpty() || replaced(state) < before.get())
              .filter(state -> after.isEmpty() || replaced(state) > after.get())
              .map(state -> json.of(ledger, state))
              .forEach(shown::add);
          var meta = new JsonObject().put("has_more", false);
          return Answer.json(new JsonObject().put("versions", shown).put("meta", meta));
        });
  }

  /** The present one is replaced later than anything. */
  private static long replaced(State state) {
    var at = state.replacedAtMillis();
    return at == null ? Long.MAX_VALUE : at;
  }

  private static long millis(String time) {
    return Instant.parse(time).toEpochMilli();
  }

  private Future<Answer.Whole> version(Exchange exchange) {
    String version = exchange.path("version");
    return askVersions(
        exchange,
        (ledger, states) ->
            shown(
                ledger,
                states.stream()
                    .filter(state -> Long.toString(state.version()).equals(version))
                    .findFirst()));
  }

  private Future<Answer.Whole> askVersions(
      Exchange exchange, BiFunction<Entry.Ledger, List<State>, Answer.Whole> found) {
    return with(
        exchange,
        ledger ->
            ask(
                exchange,
                new LedgersRequest.FindVersions(
                    ledger.account(), ledger.name(), scopes.known(ledger, exchange.path("scope"))),
                (states, _) -> found.apply(ledger, states)));
  }

  private <Q extends Request<LedgersReply.StatesReply>> Future<Answer.Whole> ask(
      Exchange exchange, Q request, BiFunction<List<State>, Long, Answer.Whole> found) {
    return configuration
        .by(exchange)
        .write(request)
        .map(
            reply ->
                switch (reply) {
                  case LedgersReply.StatesFound(var states, long total) ->
                      found.apply(states, total);
                  case AccountsReply.NotFound _ -> ABSENT;
                  case AccountsReply.DatabaseDown(int seconds) ->
                      Errors.unavailable("This cannot be read for now, try again", seconds);
                });
  }

  private static Future<Answer.Whole> refuse(String why) {
    return Future.succeededFuture(Errors.badRequest(why));
  }
}
