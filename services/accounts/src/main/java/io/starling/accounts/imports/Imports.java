package io.starling.accounts.imports;

import io.starling.contract.AccountsReply;
import io.starling.contract.BusMessage;
import io.starling.contract.ImportsReply;
import io.starling.contract.ImportsReply.ImportRefused.Reason;
import io.starling.contract.ImportsRequest;
import io.starling.contract.JournalPosition;
import io.starling.postgres.PrimaryPool;
import io.starling.postgres.change.Deeds;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Imports: begun, stored piece by piece, told of, cancelled. Bounded: one that has not ended of a
 * product, and so many of an account and of all, because what they store is.
 */
public final class Imports {
  private static final int MAX_OF_AN_ACCOUNT = 5;
  private static final int MAX = 50;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final PrimaryPool pool;
  private final ImportLoop loop;
  private final Deeds deeds;
  private final ImportStore store = new ImportStore();

  /** Imports in this database, which this loop takes in, changed by somebody. */
  public Imports(PrimaryPool pool, ImportLoop loop, Deeds deeds) {
    this.pool = pool;
    this.deeds = deeds;
    this.loop = loop;
  }

  /** Answers whatever is asked of imports. */
  public Future<? extends BusMessage> answer(ImportsRequest request) {
    return switch (request) {
      case ImportsRequest.BeginImport begin ->
          pool.withPromptTransaction(connection -> begin(connection, begin));
      case ImportsRequest.AppendToImport piece -> append(piece);
      case ImportsRequest.RunImport run ->
          pool.withPromptTransaction(connection -> run(connection, run))
              .onSuccess(_ -> loop.wake());
      case ImportsRequest.FindImport find ->
          pool.withPromptTransaction(
                  connection -> store.find(connection, find.product(), find.account(), find.id()))
              .map(Imports::told);
      case ImportsRequest.ListImports list ->
          pool.withPromptTransaction(connection -> list(connection, list));
      case ImportsRequest.CancelImport cancel ->
          pool.withPromptTransaction(connection -> cancel(connection, cancel));
    };
  }

  private Future<ImportsReply.BeginReply> begin(
      SqlConnection connection, ImportsRequest.BeginImport begin) {
    return store
        .lockProduct(connection, begin.product(), begin.account())
        .compose(
            found ->
                found
                    ? store
                        .giveUpSilent(connection)
                        .compose(_ -> store.count(connection, begin.product(), begin.account()))
                        .compose(unfinished -> insert(connection, begin.product(), unfinished))
                    : Future.succeededFuture(new AccountsReply.NotFound()));
  }

  private Future<ImportsReply.BeginReply> insert(
      SqlConnection connection, int product, ImportStore.Unfinished unfinished) {
    var reason =
        unfinished.ofProduct() > 0
            ? Reason.ONE_OF_THE_PRODUCT
            : unfinished.ofAccount() >= MAX_OF_AN_ACCOUNT
                ? Reason.MANY_OF_THE_ACCOUNT
                : unfinished.many() >= MAX ? Reason.MANY : null;
    if (reason != null) {
      return Future.succeededFuture(new ImportsReply.ImportRefused(reason));
    }
    byte[] random = new byte[12];
    RANDOM.nextBytes(random);
    String id = HexFormat.of().formatHex(random);
    return store.insert(connection, id, product).map(_ -> new ImportsReply.ImportBegun(id));
  }

  private Future<AccountsReply.WriteReply> append(ImportsRequest.AppendToImport piece) {
    if (piece.lines().size() > ImportsRequest.MAX_LINES) {
      return Future.failedFuture(
          new IllegalArgumentException("at most " + ImportsRequest.MAX_LINES + " lines at once"));
    }
    return pool.withPromptTransaction(connection -> store.append(connection, piece))
        .map(
            stored ->
                stored
                    ? new AccountsReply.Written(JournalPosition.START)
                    : new AccountsReply.NotFound());
  }

  private Future<ImportsReply.FindReply> run(
      SqlConnection connection, ImportsRequest.RunImport run) {
    return store
        .find(connection, run.product(), run.account(), run.id())
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(found)
                    : store
                        .run(connection, run.id(), run.pieces(), run.lines())
                        .compose(_ -> deeds.after(connection, run))
                        .compose(
                            _ -> store.find(connection, run.product(), run.account(), run.id())))
        .map(Imports::told);
  }

  private static ImportsReply.FindReply told(Optional<ImportsReply.DeviceImport> found) {
    return found
        .<ImportsReply.FindReply>map(ImportsReply.ImportFound::new)
        .orElseGet(AccountsReply.NotFound::new);
  }

  private Future<ImportsReply.ListReply> list(
      SqlConnection connection, ImportsRequest.ListImports list) {
    return store
        .isOwner(connection, list.product(), list.account())
        .compose(
            owner ->
                owner
                    ? store.list(connection, list.product()).map(ImportsReply.ImportsFound::new)
                    : Future.succeededFuture(new AccountsReply.NotFound()));
  }

  private Future<AccountsReply.WriteReply> cancel(
      SqlConnection connection, ImportsRequest.CancelImport cancel) {
    return store
        .find(connection, cancel.product(), cancel.account(), cancel.id())
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(new AccountsReply.NotFound())
                    : store
                        .cancel(connection, cancel.id())
                        .compose(
                            _ ->
                                deeds.after(
                                    connection, new AccountsReply.Written(JournalPosition.START))));
  }

  /** Ends those that are uploaded by nobody any more, and forgets what ended long ago. */
  public Future<Void> keepHouse() {
    return pool.withTransaction(
        connection -> store.giveUpSilent(connection).compose(_ -> store.deleteOld(connection)));
  }
}
