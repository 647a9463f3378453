package io.starling.api.libraries;

import io.starling.api.region.ConfigurationClient;
import io.starling.contract.AccountsReply;
import io.starling.contract.LibrariesReply;
import io.starling.contract.LibrariesRequest;
import io.starling.contract.LibrariesRequest.FindLibraries;
import io.starling.contract.Scope;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.starling.http.Page;
import io.starling.http.UploadedFile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds, takes, publishes and hands out libraries. */
public final class LibraryRoutes {
  private static final Duration SILENCE = Duration.ofSeconds(30);
  private static final String LIBRARIES = "/v1/libraries";
  private static final String LIBRARY = LIBRARIES + "/:name";
  private static final Answer.Whole ABSENT = LibraryJson.error(404, "Library not found");

  private final Vertx vertx;
  private final ConfigurationClient configuration;

  /** Routes that ask the accounts service. */
  public LibraryRoutes(Vertx vertx, ConfigurationClient configuration) {
    this.vertx = vertx;
    this.configuration = configuration;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.open(HttpMethod.GET, LIBRARIES + "/download/:link", this::download);
    endpoints.guarded(HttpMethod.GET, LIBRARIES, Scope.LIBRARIES_LIST, this::list);
    endpoints.guardedUpload(HttpMethod.POST, LIBRARIES, Scope.LIBRARIES_CREATE, this::upload);
    endpoints.guarded(HttpMethod.GET, LIBRARY, Scope.LIBRARIES_GET, this::get);
    endpoints.guarded(HttpMethod.PATCH, LIBRARY, Scope.LIBRARIES_UPDATE, this::publish);
    endpoints.guarded(HttpMethod.DELETE, LIBRARY, Scope.LIBRARIES_REMOVE, this::delete);
    endpoints.guarded(HttpMethod.GET, LIBRARY + "/versions", Scope.LIBRARIES_GET, this::versions);
  }

  private Future<Answer.Whole> list(Exchange exchange) {
    Optional<FindLibraries> query;
    try {
      query = LibraryQuery.of(exchange);
    } catch (IllegalArgumentException e) {
      return refuse(400, String.valueOf(e.getMessage()));
    }
    return query
        .map(asked -> configuration.by(exchange).write(asked).map(reply -> found(exchange, reply)))
        .orElseGet(
            () ->
                Future.succeededFuture(
                    found(exchange, new LibrariesReply.LibrariesFound(List.of()))));
  }

  private static Answer.Whole found(Exchange exchange, LibrariesReply.FindReply reply) {
    return switch (reply) {
      case LibrariesReply.LibrariesFound(var libraries) ->
          Answer.json(LibraryJson.some(libraries, exchange.baseUrl()));
      case AccountsReply.NotFound _ -> ABSENT;
      case AccountsReply.DatabaseDown(int seconds) -> unavailable(seconds);
    };
  }

  private static Answer.Whole unavailable(int seconds) {
    return Errors.unavailable("Libraries are not available for now, try again", seconds);
  }

  private Future<Answer.Whole> versions(Exchange exchange) {
    Page page;
    try {
      page = LibraryQuery.page(exchange);
    } catch (IllegalArgumentException e) {
      return refuse(400, String.valueOf(e.getMessage()));
    }
    return configuration
        .by(exchange)
        .write(
            new LibrariesRequest.FindLibraryVersions(
                exchange.principal().account(), exchange.path("name"), page.offset(), page.size()))
        .map(reply -> found(exchange, reply));
  }

  private Future<Answer.Whole> get(Exchange exchange) {
    var request =
        new LibrariesRequest.GetLibrary(
            exchange.principal().account(),
            exchange.path("name"),
            exchange.query("version").filter(text -> !text.equals("latest")).orElse(null));
    return configuration
        .by(exchange)
        .write(request)
        .map(
            reply ->
                switch (reply) {
                  case LibrariesReply.LibraryFound(var library) ->
                      Answer.json(LibraryJson.one(library, exchange.baseUrl()));
                  case AccountsReply.NotFound _ -> ABSENT;
                  case AccountsReply.DatabaseDown(int seconds) -> unavailable(seconds);
                });
  }

  private Future<Answer.Whole> upload(Exchange exchange) {
    if (!exchange.isUpload()) {
      return refuse(400, "There must be a file: a tar.gz of the library");
    }
    return UploadedFile.read(vertx, exchange, LibrariesRequest.MAX_ARCHIVE_BYTES, SILENCE)
        .compose(
            outcome ->
                switch (outcome) {
                  case UploadedFile.Read(var archive) -> take(exchange, archive);
                  case UploadedFile.Unusable(var answer) -> Future.succeededFuture(answer);
                });
  }

  private Future<Answer.Whole> take(Exchange exchange, Buffer archive) {
    return vertx
        .executeBlocking(() -> Looked.into(archive), false)
        .compose(
            looked ->
                switch (looked) {
                  case Looked.Good(var library) -> add(exchange, library, archive);
                  case Looked.Bad(var why) -> refuse(400, why);
                });
  }

  /** What came of looking into an archive. */
  private sealed interface Looked {
    record Good(LibraryArchive library) implements Looked {}

    record Bad(String why) implements Looked {}

    static Looked into(Buffer archive) {
      try {
        return new Good(LibraryArchive.of(archive.getBytes()));
      } catch (IllegalArgumentException e) {
        return new Bad(String.valueOf(e.getMessage()));
      }
    }
  }

  private Future<Answer.Whole> add(Exchange exchange, LibraryArchive library, Buffer archive) {
    return configuration
        .by(exchange)
        .write(
            new LibrariesRequest.AddLibrary(
                exchange.principal().account(),
                library.name(),
                library.version(),
                library.properties(),
                archive))
        .map(
            reply ->
                switch (reply) {
                  case LibrariesReply.LibraryFound(var added) ->
                      Answer.json(201, LibraryJson.one(added, exchange.baseUrl()));
                  case LibrariesReply.LibraryRefused(var reason) -> refused(reason);
                  case AccountsReply.DatabaseDown(int seconds) ->
                      ConfigurationClient.unavailable(seconds);
                });
  }

  private static Answer.Whole refused(LibrariesReply.LibraryRefused.Reason reason) {
    return switch (reason) {
      case PUBLISHED -> LibraryJson.error(409, "It is published, and stays as it is");
      case NAME_IN_USE -> LibraryJson.error(409, "There is a public library of this name");
      case NO_ROOM -> LibraryJson.error(409, "You have as many libraries as you may have");
    };
  }

  private Future<Answer.Whole> publish(Exchange exchange) {
    if (!exchange.fields().text("visibility").orElse("").equals("public")) {
      return refuse(400, "visibility must be public: nothing else of a library can be changed");
    }
    return configuration
        .by(exchange)
        .write(
            new LibrariesRequest.PublishLibrary(
                exchange.principal().account(), exchange.path("name")))
        .map(
            reply ->
                switch (reply) {
                  case LibrariesReply.LibraryFound(var library) ->
                      Answer.json(LibraryJson.one(library, exchange.baseUrl()));
                  case LibrariesReply.LibraryRefused(var reason) -> refused(reason);
                  case AccountsReply.NotFound _ -> ABSENT;
                  case AccountsReply.DatabaseDown(int seconds) ->
                      ConfigurationClient.unavailable(seconds);
                });
  }

  private Future<Answer.Whole> delete(Exchange exchange) {
    return configuration
        .by(exchange)
        .write(
            new LibrariesRequest.DeleteLibrary(
                exchange.principal().account(), exchange.path("name")))
        .map(
            reply ->
                switch (reply) {
                  case LibrariesReply.LibraryDeleted _ -> Answer.empty(204);
                  case LibrariesReply.LibraryRefused(var reason) -> refused(reason);
                  case AccountsReply.NotFound _ -> ABSENT;
                  case AccountsReply.DatabaseDown(int seconds) ->
                      ConfigurationClient.unavailable(seconds);
                });
  }

  private Future<Answer.Whole> download(Exchange exchange) {
    return configuration
        .by(exchange)
        .write(new LibrariesRequest.DownloadLibrary(exchange.path("link")))
        .map(
            reply ->
                switch (reply) {
                  case LibrariesReply.LibraryArchive(var archive) ->
                      new Answer.Whole(200, Map.of(), "application/gzip", archive);
                  case AccountsReply.NotFound _ -> ABSENT;
                  case AccountsReply.DatabaseDown(int seconds) -> unavailable(seconds);
                });
  }

  private static Future<Answer.Whole> refuse(int status, String why) {
    return Future.succeededFuture(LibraryJson.error(status, why));
  }
}
