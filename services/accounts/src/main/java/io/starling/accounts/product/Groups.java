package io.starling.accounts.product;

import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.DeviceId;
import io.starling.contract.ProductsReply.GroupRefused;
import io.starling.contract.ProductsReply.GroupReply;
import io.starling.contract.ProductsReply.GroupSaved;
import io.starling.contract.ProductsRequest;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;

/** Groups that a product has for its devices. Devices know them by ids, which never change. */
public final class Groups {
  private static final int MAX_OF_A_PRODUCT = 1_000;

  private final ConfigurationWriter writer;
  private final AuthorityStore products = new AuthorityStore();
  private final GroupStore store = new GroupStore();

  /** Groups written by this writer. */
  public Groups(ConfigurationWriter writer) {
    this.writer = writer;
  }

  /** What came of it: an id, or why there is none. */
  private sealed interface Result {
    record Saved(String id) implements Result {}

    record NotFound() implements Result {}

    record Refused(GroupRefused.Reason reason) implements Result {}
  }

  /** Makes one. */
  public Future<GroupReply> create(ProductsRequest.CreateGroup request) {
    String id = DeviceId.create().toString();
    return write(
        request.account(), request.product(), connection -> create(connection, request, id));
  }

  private Future<Result> create(
      SqlConnection connection, ProductsRequest.CreateGroup request, String id) {
    return store
        .count(connection, request.product())
        .compose(
            there ->
                there >= MAX_OF_A_PRODUCT
                    ? refused(GroupRefused.Reason.TOO_MANY)
                    : store
                        .insert(connection, id, request)
                        .compose(
                            made ->
                                made
                                    ? Future.succeededFuture(new Result.Saved(id))
                                    : refused(GroupRefused.Reason.NAME_IN_USE)));
  }

  /** Changes one. */
  public Future<GroupReply> edit(ProductsRequest.EditGroup request) {
    return write(request.account(), request.product(), connection -> edit(connection, request));
  }

  private Future<Result> edit(SqlConnection connection, ProductsRequest.EditGroup request) {
    return store
        .find(connection, request.product(), request.group())
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(new Result.NotFound())
                    : isFree(connection, request)
                        .compose(
                            free ->
                                free
                                    ? store
                                        .edit(connection, found.get(), request)
                                        .map(new Result.Saved(found.get()))
                                    : refused(GroupRefused.Reason.NAME_IN_USE)));
  }

  private Future<Boolean> isFree(SqlConnection connection, ProductsRequest.EditGroup request) {
    String name = request.name();
    return name == null || name.equals(request.group())
        ? Future.succeededFuture(true)
        : store.find(connection, request.product(), name).map(Optional::isEmpty);
  }

  private static Future<Result> refused(GroupRefused.Reason reason) {
    return Future.succeededFuture(new Result.Refused(reason));
  }

  /** Deletes one. */
  public Future<AccountsReply.WriteReply> delete(ProductsRequest.DeleteGroup request) {
    return writer
        .write(connection -> store.delete(connection, request))
        .map(
            written ->
                written.value()
                    ? new AccountsReply.Written(written.position())
                    : new AccountsReply.NotFound());
  }

  /** Work on the groups of one product, which nobody else changes meanwhile. */
  private interface Work {
    Future<Result> on(SqlConnection connection);
  }

  private Future<GroupReply> write(AccountId account, int product, Work work) {
    return writer
        .write(
            connection ->
                products
                    .lock(connection, product, account)
                    .compose(
                        found ->
                            found
                                ? work.on(connection)
                                : Future.<Result>succeededFuture(new Result.NotFound())))
        .map(
            written ->
                switch (written.value()) {
                  case Result.Saved(var id) -> new GroupSaved(id, written.position());
                  case Result.NotFound _ -> new AccountsReply.NotFound();
                  case Result.Refused(var reason) -> new GroupRefused(reason);
                });
  }
}
