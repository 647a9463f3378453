package io.starling.api.ledgers;

import io.starling.api.access.Access;
import io.starling.api.region.ConfigurationClient;
import io.starling.contract.AccountsReply;
import io.starling.contract.LedgerScope;
import io.starling.contract.LedgersReply;
import io.starling.contract.LedgersRequest;
import io.starling.contract.Scope;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.starling.http.Fields;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What ledgers there are. */
public final class LedgerRoutes {
  static final Answer.Whole ABSENT = Errors.error(404, "Ledger not found.");

  /** One level of a topic name, and nothing that a path would need escaped. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");

  private static final int MAX_DESCRIPTION_LENGTH = 1_024;

  /** Where ledgers are: the caller's, and an organization's. */
  static final List<String> PLACES = List.of("/v1/ledgers", "/v1/orgs/:org/ledgers");

  private static final String DIRECTION = "direction";
  private static final String SCOPE = "scope";

  private final Access access;
  private final Directory directory;
  private final ConfigurationClient configuration;

  /** Routes that read here and write through the accounts service. */
  public LedgerRoutes(Access access, Directory directory, ConfigurationClient configuration) {
    this.access = access;
    this.directory = directory;
    this.configuration = configuration;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    for (String all : PLACES) {
      String one = all + "/:ledger";
      endpoints.guarded(HttpMethod.GET, all, Scope.LEDGERS_LIST, this::list);
      endpoints.guarded(HttpMethod.POST, all, Scope.LEDGERS_CREATE, this::create);
      endpoints.guarded(HttpMethod.GET, one, Scope.LEDGERS_GET, this::get);
      endpoints.guarded(HttpMethod.PUT, one, Scope.LEDGERS_UPDATE, this::put);
      endpoints.guarded(HttpMethod.DELETE, one, Scope.LEDGERS_REMOVE, this::archive);
    }
  }

  /** The ledger of the path. */
  static Optional<Entry.Ledger> ledger(Access access, Directory directory, Exchange exchange) {
    return directory.ledgers().find(access.account(exchange), exchange.path("ledger"));
  }

  private Future<Answer.Whole> list(Exchange exchange) {
    var page = LedgerJson.page(exchange);
    if (page.isEmpty()) {
      return refuse("page and per_page must be numbers from 1");
    }
    var scope = exchange.query(SCOPE);
    var archived = exchange.query("archived");
    var wanted =
        directory.ledgers().of(access.account(exchange)).stream()
            .filter(ledger -> scope.filter(it -> !it.equals(ledger.scope().label())).isEmpty())
            .filter(
                ledger -> archived.filter(it -> it.equals("true") == ledger.isInUse()).isEmpty())
            .toList();
    var shown = new JsonArray();
    page.get().of(wanted).stream().map(LedgerJson::of).forEach(shown::add);
    return Future.succeededFuture(
        Answer.json(
            new JsonObject()
                .put("ledger_definitions", shown)
                .put("meta", LedgerJson.meta(page.get(), wanted.size()))));
  }

  private Future<Answer.Whole> get(Exchange exchange) {
    return Future.succeededFuture(
        ledger(access, directory, exchange).map(LedgerJson::of).map(Answer::json).orElse(ABSENT));
  }

  private Future<Answer.Whole> create(Exchange exchange) {
    Fields fields = fields(exchange);
    String name = fields.text("name").orElse("");
    String description = fields.text("description").orElse("");
    var scope = fields.text(SCOPE).flatMap(LedgerScope::of);
    String direction = fields.text(DIRECTION).orElse("");
    String wrong = wrong(name, description, scope, direction);
    if (wrong != null) {
      return refuse(wrong);
    }
    var account = access.account(exchange);
    return configuration
        .by(exchange)
        .write(
            new LedgersRequest.CreateLedger(
                account, name, scope.orElseThrow(), direction.equals("Upstream"), description))
        .compose(
            reply ->
                switch (reply) {
                  case LedgersReply.LedgerMade(var position) ->
                      configuration.seen(
                          position,
                          () ->
                              directory
                                  .ledgers()
                                  .find(account, name)
                                  .map(ledger -> Answer.json(201, LedgerJson.of(ledger)))
                                  .orElseGet(
                                      () -> Answer.json(201, new JsonObject().put("name", name))));
                  case LedgersReply.LedgerRefused(var reason) ->
                      refuse(
                          switch (reason) {
                            case NAME_IN_USE -> "A ledger of this name exists";
                            case TOO_MANY -> "The account has as many ledgers as it may have";
                          });
                  case AccountsReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(ConfigurationClient.unavailable(seconds));
                });
  }

  private static @Nullable String wrong(
      String name, String description, Optional<LedgerScope> scope, String direction) {
    if (!NAME.matcher(name).matches()) {
      return "name must have 1 to 64 letters, digits, dots, dashes and underscores, and not begin with a dot";
    }
    if (scope.isEmpty()) {
      return "scope must be Owner, Device or Product";
    }
    if (!direction.equals("Upstream") && !direction.equals("Downstream")) {
      return "direction must be Upstream or Downstream";
    }
    if (direction.equals("Upstream") && scope.get() != LedgerScope.DEVICE) {
      return "direction Upstream needs the scope Device: only devices report";
    }
    return wrong(description);
  }

  private static @Nullable String wrong(String description) {
    return description.length() > MAX_DESCRIPTION_LENGTH
        ? "description is longer than " + MAX_DESCRIPTION_LENGTH + " characters"
        : null;
  }

  private static Fields fields(Exchange exchange) {
    Fields wrapped = exchange.fields().object("ledger");
    return wrapped.isEmpty() ? exchange.fields() : wrapped;
  }

  private Future<Answer.Whole> put(Exchange exchange) {
    var found = ledger(access, directory, exchange);
    if (found.isEmpty()) {
      return Future.succeededFuture(ABSENT);
    }
    Fields fields = fields(exchange);
    String now = found.get().upstream() ? "Upstream" : "Downstream";
    if (fields.text(DIRECTION).filter(asked -> !asked.equals(now)).isPresent()
        || fields.text(SCOPE).filter(it -> !it.equals(found.get().scope().label())).isPresent()) {
      return refuse("direction and scope of a ledger stay what they are");
    }
    String description = fields.text("description").orElse(null);
    String archived = fields.text("archived").orElse(null);
    if (description != null && wrong(description) != null) {
      return refuse(String.valueOf(wrong(description)));
    }
    return edit(
        exchange,
        found.get(),
        description,
        archived == null ? null : archived.equals("true"),
        () ->
            ledger(access, directory, exchange)
                .map(LedgerJson::of)
                .map(Answer::json)
                .orElse(ABSENT));
  }

  private Future<Answer.Whole> archive(Exchange exchange) {
    return ledger(access, directory, exchange)
        .map(ledger -> edit(exchange, ledger, null, true, () -> Answer.empty(204)))
        .orElseGet(() -> Future.succeededFuture(ABSENT));
  }

  private Future<Answer.Whole> edit(
      Exchange exchange,
      Entry.Ledger ledger,
      @Nullable String description,
      @Nullable Boolean archived,
      Supplier<Answer.Whole> done) {
    return configuration
        .by(exchange)
        .write(
            new LedgersRequest.EditLedger(ledger.account(), ledger.name(), description, archived),
            done,
            ABSENT);
  }

  private static Future<Answer.Whole> refuse(String why) {
    return Future.succeededFuture(Errors.badRequest(why));
  }
}
