package io.starling.api.products;

import io.starling.api.access.Access;
import io.starling.api.region.ConfigurationClient;
import io.starling.contract.AccountsReply;
import io.starling.contract.ImportsReply;
import io.starling.contract.ImportsReply.DeviceImport;
import io.starling.contract.ImportsRequest;
import io.starling.contract.Scope;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.starling.http.Timestamps;
import io.starling.http.UploadedLines;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/**
 * Files of up to a million devices: stored as they come, in pieces that the accounts service then
 * takes into the product while nobody waits for it.
 */
public final class ImportRoutes {
  private static final String IMPORTS = "/v1/products/:product/imports";

  /** A million devices, and the line that names the columns. */
  private static final int MAX_LINES = 1_000_001;

  private static final UploadedLines.Limits FILE =
      new UploadedLines.Limits(
          MAX_LINES, 512, ImportsRequest.MAX_LINES, Duration.ofSeconds(30), true);

  private static final Answer.Whole ABSENT = Errors.error(404, "Import not found.");

  private final Vertx vertx;
  private final Access access;
  private final ConfigurationClient configuration;

  /** Routes that write through the accounts service. */
  public ImportRoutes(Vertx vertx, Access access, ConfigurationClient configuration) {
    this.vertx = vertx;
    this.access = access;
    this.configuration = configuration;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guardedUpload(HttpMethod.POST, IMPORTS, Scope.DEVICES_IMPORT, this::begin);
    endpoints.guarded(HttpMethod.GET, IMPORTS, Scope.DEVICES_IMPORT, this::list);
    endpoints.guarded(HttpMethod.GET, IMPORTS + "/:import", Scope.DEVICES_IMPORT, this::show);
    endpoints.guarded(HttpMethod.DELETE, IMPORTS + "/:import", Scope.DEVICES_IMPORT, this::cancel);
  }

  private Future<Answer> begin(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product ->
                exchange.isUpload()
                    ? begin(exchange, product)
                    : Future.succeededFuture(
                        Errors.badRequest("There must be a file with one device a line")));
  }

  private Future<Answer.Whole> begin(Exchange exchange, Entry.Product product) {
    return configuration
        .by(exchange)
        .write(new ImportsRequest.BeginImport(product.owner(), product.id()))
        .compose(
            reply ->
                switch (reply) {
                  case ImportsReply.ImportBegun(var id) -> store(exchange, new Upload(product, id));
                  case ImportsReply.ImportRefused(var reason) ->
                      Future.succeededFuture(refused(reason));
                  case AccountsReply.NotFound _ ->
                      Future.succeededFuture(Errors.error(404, "Product not found."));
                  case AccountsReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(ConfigurationClient.unavailable(seconds));
                });
  }

  private static Answer.Whole refused(ImportsReply.ImportRefused.Reason reason) {
    return switch (reason) {
      case ONE_OF_THE_PRODUCT -> Errors.error(409, "An import of this product is under way");
      case MANY_OF_THE_ACCOUNT, MANY ->
          Errors.error(429, "Too many imports are under way, try again later");
    };
  }

  /** A file that is read. */
  private static final class Upload {
    final Entry.Product product;
    final String id;
    int pieces;
    int lines;

    Upload(Entry.Product product, String id) {
      this.product = product;
      this.id = id;
    }

    ImportsRequest.AppendToImport next(List<String> some) {
      var piece =
          new ImportsRequest.AppendToImport(
              product.owner(), product.id(), id, pieces, lines + 1, some);
      pieces++;
      lines += some.size();
      return piece;
    }

    ImportsRequest.RunImport whole() {
      return new ImportsRequest.RunImport(product.owner(), product.id(), id, pieces, lines);
    }

    ImportsRequest.CancelImport none() {
      return new ImportsRequest.CancelImport(product.owner(), product.id(), id);
    }
  }

  private Future<Answer.Whole> store(Exchange exchange, Upload upload) {
    return UploadedLines.read(vertx, exchange, FILE, lines -> store(exchange, upload, lines))
        .recover(Refusal::answerOf)
        .compose(
            refused ->
                refused.isPresent()
                    ? configuration
                        .by(exchange)
                        .write(upload.none())
                        .otherwiseEmpty()
                        .map(_ -> refused.get())
                    : run(exchange, upload));
  }

  private Future<?> store(Exchange exchange, Upload upload, List<String> lines) {
    return configuration
        .by(exchange)
        .write(upload.next(lines))
        .compose(
            reply ->
                switch (reply) {
                  case AccountsReply.Written _ -> Future.succeededFuture();
                  case AccountsReply.NotFound _ ->
                      Future.failedFuture(new Refusal(Errors.error(409, "It was cancelled")));
                  case AccountsReply.DatabaseDown(int seconds) ->
                      Future.failedFuture(new Refusal(ConfigurationClient.unavailable(seconds)));
                });
  }

  private Future<Answer.Whole> run(Exchange exchange, Upload upload) {
    return upload.pieces == 0
        ? configuration
            .by(exchange)
            .write(upload.none())
            .map(_ -> Errors.badRequest("There must be a file with one device a line"))
        : configuration.by(exchange).write(upload.whole()).map(reply -> told(reply, 202));
  }

  private Future<Answer> show(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product ->
                configuration
                    .by(exchange)
                    .write(
                        new ImportsRequest.FindImport(
                            product.owner(), product.id(), exchange.path("import")))
                    .map(reply -> told(reply, 200)));
  }

  private static Answer.Whole told(ImportsReply.FindReply reply, int status) {
    return switch (reply) {
      case ImportsReply.ImportFound(var found) ->
          Answer.json(status, new JsonObject().put("ok", true).put("import", json(found)));
      case AccountsReply.NotFound _ -> ABSENT;
      case AccountsReply.DatabaseDown(int seconds) -> ConfigurationClient.unavailable(seconds);
    };
  }

  private Future<Answer> list(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product ->
                configuration
                    .by(exchange)
                    .write(new ImportsRequest.ListImports(product.owner(), product.id()))
                    .map(ImportRoutes::told));
  }

  private static Answer.Whole told(ImportsReply.ListReply reply) {
    return switch (reply) {
      case ImportsReply.ImportsFound(var imports) -> {
        var array = new JsonArray();
        imports.forEach(found -> array.add(json(found)));
        yield Answer.json(new JsonObject().put("imports", array));
      }
      case AccountsReply.NotFound _ -> Errors.error(404, "Product not found.");
      case AccountsReply.DatabaseDown(int seconds) -> ConfigurationClient.unavailable(seconds);
    };
  }

  private Future<Answer> cancel(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product ->
                configuration
                    .by(exchange)
                    .write(
                        new ImportsRequest.CancelImport(
                            product.owner(), product.id(), exchange.path("import")),
                        () -> Answer.empty(204),
                        ABSENT));
  }

  private static JsonObject json(DeviceImport found) {
    var problems = new JsonArray();
    found
        .problems()
        .forEach(
            problem ->
                problems.add(
                    new JsonObject().put("line", problem.line()).put("reason", problem.reason())));
    var progress = found.progress();
    Long finished = found.finishedAtMillis();
    return new JsonObject()
        .put("id", found.id())
        .put("state", found.state())
        .put("lines", found.lines())
        .put("read", progress.read())
        .put("added", progress.added())
        .put("created", progress.created())
        .put("existing", progress.existing())
        .put("nonmember", progress.nonmember())
        .put("invalid", progress.invalid())
        .put("invalid_lines", problems)
        .put("created_at", Timestamps.of(found.createdAtMillis()))
        .put("updated_at", Timestamps.of(found.updatedAtMillis()))
        .put("finished_at", finished == null ? null : Timestamps.of(finished));
  }
}
