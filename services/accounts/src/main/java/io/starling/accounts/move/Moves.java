package io.starling.accounts.move;

import io.starling.contract.AccountsReply;
import io.starling.contract.ProductsRequest;
import io.starling.postgres.change.ConfigurationWriter;
import io.starling.postgres.change.Deeds;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;

/** Gives products to other accounts. */
public final class Moves {
  private final ConfigurationWriter writer;
  private final Deeds deeds;
  private final MoveLoop loop;
  private final MoveStore store = new MoveStore();

  /** Moves written by this writer as deeds of somebody, which this loop ends. */
  public Moves(ConfigurationWriter writer, Deeds deeds, MoveLoop loop) {
    this.writer = writer;
    this.deeds = deeds;
    this.loop = loop;
  }

  /** Moves one. */
  public Future<AccountsReply.WriteReply> move(ProductsRequest.MoveProduct request) {
    return writer
        .write(connection -> move(connection, request))
        .onSuccess(_ -> loop.wake())
        .map(
            written ->
                written.value()
                    ? new AccountsReply.Written(written.position())
                    : new AccountsReply.NotFound());
  }

  private Future<Boolean> move(SqlConnection connection, ProductsRequest.MoveProduct request) {
    int product = request.product();
    var from = request.account();
    var to = request.to();
    return store
        .give(connection, product, from, to)
        .compose(
            given ->
                given
                    ? store
                        .giveBelongings(connection, product, from, to)
                        .compose(_ -> store.giveDevices(connection, product, from, to))
                        .compose(_ -> store.begin(connection, product, from, to))
                        .compose(_ -> deeds.alsoOf(connection, from, List.of("product/" + product)))
                        .map(true)
                    : Future.succeededFuture(false));
  }
}
