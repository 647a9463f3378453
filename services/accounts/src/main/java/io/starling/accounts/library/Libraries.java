package io.starling.accounts.library;

import io.starling.accounts.seal.Seal;
import io.starling.contract.AccountsReply;
import io.starling.contract.IntegrationId;
import io.starling.contract.LibrariesReply;
import io.starling.contract.LibrariesReply.Library;
import io.starling.contract.LibrariesReply.LibraryRefused;
import io.starling.contract.LibrariesReply.LibraryRefused.Reason;
import io.starling.contract.LibrariesRequest;
import io.starling.postgres.PrimaryPool;
import io.starling.postgres.change.Deeds;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/** Libraries. */
public final class Libraries {
  private final PrimaryPool database;
  private final DownloadLink links;
  private final Deeds deeds;
  private final LibraryStore store = new LibraryStore();

  /** Libraries in this database, with links that are sealed so. */
  public Libraries(PrimaryPool database, Seal seal, InstantSource clock, Deeds deeds) {
    this.database = database;
    this.deeds = deeds;
    this.links = new DownloadLink(seal, clock);
  }

  /** Keeps a version. */
  public Future<LibrariesReply.AddReply> add(LibrariesRequest.AddLibrary request) {
    return database.withPromptTransaction(
        connection ->
            store
                .lock(connection, request.account())
                .compose(_ -> store.sizeOfOthers(connection, request))
                .compose(
                    size ->
                        size.versions() >= LibrariesRequest.MOST_VERSIONS
                                || size.bytes() + request.archive().length()
                                    > LibrariesRequest.MOST_BYTES
                            ? Future.succeededFuture(new LibraryRefused(Reason.NO_ROOM))
                            : put(connection, request)));
  }

  private Future<LibrariesReply.AddReply> put(
      SqlConnection connection, LibrariesRequest.AddLibrary request) {
    String id = IntegrationId.create().toString();
    return store
        .keepBlob(connection, request.archive())
        .compose(
            blob ->
                store
                    .library(connection, id, request.account(), request.name())
                    .compose(library -> store.put(connection, library, blob, request)))
        .compose(
            done ->
                done
                    ? store
                        .named(
                            connection,
                            new LibrariesRequest.GetLibrary(
                                request.account(), request.name(), request.version()))
                        .compose(
                            found ->
                                deeds.after(
                                    connection,
                                    new LibrariesReply.LibraryFound(told(found.orElseThrow()))))
                    : Future.succeededFuture(new LibraryRefused(Reason.PUBLISHED)));
  }

  /** Finds one. */
  public Future<LibrariesReply.GetReply> get(LibrariesRequest.GetLibrary request) {
    return database.withPromptTransaction(
        connection ->
            store
                .named(connection, request)
                .map(
                    found ->
                        found
                            .<LibrariesReply.GetReply>map(
                                one -> new LibrariesReply.LibraryFound(told(one)))
                            .orElseGet(AccountsReply.NotFound::new)));
  }

  /** Finds some. */
  public Future<LibrariesReply.FindReply> find(LibrariesRequest.FindLibraries request) {
    return database.withPromptTransaction(
        connection -> store.find(connection, request).map(this::told));
  }

  /** Finds the versions of one. */
  public Future<LibrariesReply.FindReply> versions(LibrariesRequest.FindLibraryVersions request) {
    return database.withPromptTransaction(
        connection ->
            store
                .named(connection, request)
                .map(
                    found ->
                        found.isEmpty() && request.offset() == 0
                            ? new AccountsReply.NotFound()
                            : told(found)));
  }

  /** Publishes one. */
  public Future<LibrariesReply.PublishReply> publish(LibrariesRequest.PublishLibrary request) {
    return database.withPromptTransaction(
        connection ->
            store
                .lock(connection, request.account())
                .compose(_ -> store.isPublished(connection, request.account(), request.name()))
                .compose(
                    there ->
                        there.isEmpty()
                            ? Future.succeededFuture(new AccountsReply.NotFound())
                            : publishIfFree(connection, request)));
  }

  private Future<LibrariesReply.PublishReply> publishIfFree(
      SqlConnection connection, LibrariesRequest.PublishLibrary request) {
    return store
        .isNameTaken(connection, request.account(), request.name())
        .compose(
            taken ->
                taken
                    ? Future.succeededFuture(new LibraryRefused(Reason.NAME_IN_USE))
                    : store
                        .publish(connection, request.account(), request.name())
                        .compose(
                            _ ->
                                store.named(
                                    connection,
                                    new LibrariesRequest.GetLibrary(
                                        request.account(), request.name(), null)))
                        .compose(
                            found ->
                                deeds.after(
                                    connection,
                                    new LibrariesReply.LibraryFound(told(found.orElseThrow())))));
  }

  /** Forgets one. */
  public Future<LibrariesReply.DeleteReply> delete(LibrariesRequest.DeleteLibrary request) {
    return database.withPromptTransaction(
        connection ->
            store
                .lock(connection, request.account())
                .compose(_ -> store.isPublished(connection, request.account(), request.name()))
                .compose(published -> delete(connection, request, published)));
  }

  private Future<LibrariesReply.DeleteReply> delete(
      SqlConnection connection,
      LibrariesRequest.DeleteLibrary request,
      Optional<Boolean> published) {
    if (published.isEmpty()) {
      return Future.succeededFuture(new AccountsReply.NotFound());
    }
    return published.get()
        ? Future.succeededFuture(new LibraryRefused(Reason.PUBLISHED))
        : store
            .delete(connection, request.account(), request.name())
            .compose(_ -> deeds.after(connection, new LibrariesReply.LibraryDeleted()));
  }

  /** Tells an archive. */
  public Future<LibrariesReply.DownloadReply> download(LibrariesRequest.DownloadLibrary request) {
    var target = links.of(request.link());
    return target.isEmpty()
        ? Future.succeededFuture(new AccountsReply.NotFound())
        : database.withPromptTransaction(
            connection ->
                store
                    .archive(connection, target.get())
                    .map(
                        archive ->
                            archive
                                .<LibrariesReply.DownloadReply>map(
                                    LibrariesReply.LibraryArchive::new)
                                .orElseGet(AccountsReply.NotFound::new)));
  }

  /** Removes some archives that no version has any more. */
  public Future<Void> keepHouse(SqlConnection connection) {
    return store.deleteBlobs(connection);
  }

  private LibrariesReply.LibrariesFound told(List<LibraryStore.Found> found) {
    return new LibrariesReply.LibrariesFound(found.stream().map(this::told).toList());
  }

  private Library told(LibraryStore.Found found) {
    var properties = new HashMap<String, String>();
    found.properties().forEach(each -> properties.put(each.getKey(), (String) each.getValue()));
    return new Library(
        found.name(),
        found.version(),
        found.mine(),
        found.published(),
        found.installs(),
        found.createdAtMillis(),
        properties,
        links.to(new DownloadLink.Target(found.id(), found.version())));
  }
}
