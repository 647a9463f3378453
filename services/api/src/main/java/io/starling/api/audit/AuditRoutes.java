package io.starling.api.audit;

import io.starling.api.access.Access;
import io.starling.api.events.StreamQuota;
import io.starling.api.history.Export;
import io.starling.api.history.HistoryForm;
import io.starling.api.history.TimeText;
import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.AuditReply;
import io.starling.contract.AuditRequest.FindAudit;
import io.starling.contract.Scope;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.starling.http.TokenCheck;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who did what: of a product, of an organization, and of oneself. */
public final class AuditRoutes {
  private static final Duration DEADLINE = Duration.ofSeconds(4);
  private static final int RETRY_SECONDS = 2;
  private static final int MAX_EXPORTS = 2;
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_TEXT = 256;
  private static final Set<String> OUTCOMES = Set.of("done", "refused", "unavailable");

  private final Vertx vertx;
  private final Access access;
  private final Bus bus;
  private final TokenCheck tokens;
  private final StreamQuota exports;

  /** Routes that read what the accounts service keeps. */
  public AuditRoutes(Vertx vertx, Access access, Bus bus, TokenCheck tokens) {
    this.vertx = vertx;
    this.access = access;
    this.bus = bus;
    this.tokens = tokens;
    this.exports = StreamQuota.of(vertx, "audit");
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(HttpMethod.GET, "/v1/user/audit", Scope.AUDIT_LIST, this::ofUser);
    endpoints.guarded(
        HttpMethod.GET, "/v1/products/:product/audit", Scope.AUDIT_LIST, this::ofProduct);
    endpoints.guarded(
        HttpMethod.GET, "/v1/orgs/:org/audit", Scope.AUDIT_LIST, this::ofOrganization);
  }

  private Future<Answer> ofUser(Exchange exchange) {
    return ofAccount(exchange, exchange.principal().account());
  }

  private Future<Answer> ofOrganization(Exchange exchange) {
    return access
        .organization(exchange)
        .then(organization -> ofAccount(exchange, organization.id()));
  }

  private Future<Answer> ofAccount(Exchange exchange, AccountId account) {
    return answer(exchange, new FindAudit(account, 0, 0, 0, null, null, null, null, null, 0));
  }

  private Future<Answer> ofProduct(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product ->
                answer(
                    exchange,
                    new FindAudit(null, product.id(), 0, 0, null, null, null, null, null, 0)));
  }

  private Future<Answer> answer(Exchange exchange, FindAudit whose) {
    FindAudit request;
    try {
      request = read(exchange, whose);
    } catch (IllegalArgumentException e) {
      return Future.succeededFuture(Errors.badRequest(String.valueOf(e.getMessage())));
    }
    return HistoryForm.of(exchange.request().getHeader("Accept"))
        .map(form -> export(exchange, request.limit(FindAudit.MAX_LIMIT), form))
        .orElseGet(() -> ask(request).map(AuditRoutes::page));
  }

  private static FindAudit read(Exchange exchange, FindAudit whose) {
    long start = TimeText.query(exchange, "start").orElse(0L);
    long end = TimeText.query(exchange, "end").orElse(Long.MAX_VALUE);
    if (start >= end) {
      throw new IllegalArgumentException("start must be before end");
    }
    var outcome = text(exchange, "outcome");
    if (outcome != null && !OUTCOMES.contains(outcome)) {
      throw new IllegalArgumentException("outcome must be one of done, refused, unavailable");
    }
    return new FindAudit(
        whose.account(),
        whose.product(),
        start,
        end,
        text(exchange, "actor"),
        text(exchange, "action"),
        text(exchange, "target"),
        outcome,
        text(exchange, "cursor"),
        limit(exchange.query("limit")));
  }

  private static @Nullable String text(Exchange exchange, String parameter) {
    var text = exchange.query(parameter).filter(it -> !it.isEmpty());
    if (text.filter(it -> it.length() > MAX_TEXT).isPresent()) {
      throw new IllegalArgumentException(parameter + " is too long");
    }
    return text.orElse(null);
  }

  private static int limit(Optional<String> text) {
    if (text.isEmpty()) {
      return DEFAULT_LIMIT;
    }
    if (!text.get().matches("[1-9][0-9]{0,3}")
        || Integer.parseInt(text.get()) > FindAudit.MAX_LIMIT) {
      throw new IllegalArgumentException("limit must be 1 to " + FindAudit.MAX_LIMIT);
    }
    return Integer.parseInt(text.get());
  }

  private Future<AuditReply.FindReply> ask(FindAudit request) {
    return bus.ask(request, DEADLINE).otherwise(_ -> new AccountsReply.DatabaseDown(RETRY_SECONDS));
  }

  private static Answer page(AuditReply.FindReply reply) {
    return switch (reply) {
      case AuditReply.Found(var deeds, var next) -> {
        var array = new JsonArray();
        deeds.forEach(deed -> array.add(new DeedText(deed).json()));
        yield Answer.json(new JsonObject().put("audit", array).put("next", next))
            .with("Vary", "Accept");
      }
      case AuditReply.PlaceUnknown _ ->
          Errors.badRequest("cursor must be what \"next\" was in an answer");
      case AccountsReply.DatabaseDown(int seconds) ->
          Errors.unavailable("The audit cannot be read for now, try again", seconds);
    };
  }

  private boolean mayStill(Exchange exchange, FindAudit request) {
    var who = exchange.principal();
    var account = request.account();
    return account == null
        ? access.mayStill(who, request.product(), Scope.AUDIT_LIST)
        : access.mayStill(who, account, 0, Scope.AUDIT_LIST);
  }

  private Future<Answer> export(Exchange exchange, FindAudit request, HistoryForm form) {
    var account = exchange.principal().account();
    if (!exports.take(account, MAX_EXPORTS)) {
      return Future.succeededFuture(Errors.tooMany("Too much is exported at a time", 10));
    }
    var pages =
        new Export.Pages() {
          @Override
          public Future<Export.Page> after(String place) {
            return ask(request.from(place))
                .compose(
                    reply ->
                        reply instanceof AuditReply.Found found
                            ? Future.succeededFuture(lines(found, form))
                            : Future.failedFuture("no page for now"));
          }

          @Override
          public boolean isAllowed() {
            return tokens.stillGood(exchange.principal()) && mayStill(exchange, request);
          }
        };
    return ask(request)
        .onFailure(_ -> exports.give(account))
        .map(
            reply -> {
              if (!(reply instanceof AuditReply.Found first)) {
                exports.give(account);
                return page(reply);
              }
              var _ =
                  new Export(vertx, exchange, form.contentType(), pages)
                      .run(form.head(DeedText.COLUMNS), lines(first, form))
                      .onComplete(_ -> exports.give(account));
              return new Answer.Streamed();
            });
  }

  private static Export.Page lines(AuditReply.Found found, HistoryForm form) {
    return new Export.Page(
        found.deeds().stream()
            .map(DeedText::new)
            .map(it -> form == HistoryForm.CSV ? it.csv() : it.json().encode() + "\n")
            .toList(),
        found.next());
  }
}
