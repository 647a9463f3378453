package io.starling.webhooks.shard;

import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.contract.BusMessage;
import io.starling.contract.JournalPosition;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.starling.contract.Request;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks the leader of one shard. A call fails when there is none, when the one asked is it no longer
 * or does not answer. Nothing is retried here. Belongs to one event loop.
 */
final class ShardClient {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final Bus bus;
  private final ShardLeaders leaders;
  private final int shard;
  private @Nullable String leader;

  /** Nobody who leads the shard could be asked: to be tried again after a pause. */
  private static final class NotLed extends RuntimeException {
    NotLed(String message) {
      super(message, null, false, false);
    }
  }

  ShardClient(Bus bus, ShardLeaders leaders, int shard) {
    this.bus = bus;
    this.leaders = leaders;
    this.shard = shard;
  }

  /**
   * Looks up who leads the shard. Until this is called again after a failure, every call fails: a
   * new leader may hold older cursors, which have to be compared first.
   */
  Future<Void> connect() {
    leader = leaders.find(shard).orElse(null);
    return leader == null
        ? Future.failedFuture(new NotLed("no leader is known"))
        : Future.succeededFuture();
  }

  void disconnect() {
    leader = null;
  }

  Future<RelayReply.ReadReply> read(JournalPosition from, int maxBytes, long waitMillis) {
    return ask(
        relay -> new RelayRequest.Read(relay, shard, from, maxBytes, waitMillis),
        LIMIT.plusMillis(waitMillis));
  }

  Future<RelayReply.CursorReply> setCursor(CursorName name, JournalPosition position) {
    return setNote(name.toString(), position);
  }

  /** Sets a cursor that may hold nothing back. */
  Future<RelayReply.CursorReply> setNote(String name, JournalPosition position) {
    return ask(relay -> new RelayRequest.SetCursor(relay, shard, name, position), LIMIT);
  }

  Future<RelayReply.CursorReply> removeCursor(CursorName name) {
    return removeNote(name.toString());
  }

  Future<RelayReply.CursorReply> removeNote(String name) {
    return ask(relay -> new RelayRequest.RemoveCursor(relay, shard, name), LIMIT);
  }

  Future<RelayReply.Cursors> cursors(String prefix) {
    return ask(relay -> new RelayRequest.ListCursors(relay, shard, prefix), LIMIT)
        .map(RelayReply.Cursors.class::cast);
  }

  private <R extends BusMessage, Q extends Request<R>> Future<R> ask(
      Function<String, Q> request, Duration limit) {
    String relay = leader;
    if (relay == null) {
      return Future.failedFuture(new NotLed("not connected"));
    }
    return bus.ask(request.apply(relay), limit)
        .compose(
            reply ->
                reply instanceof RelayReply.NotLeader
                    ? Future.failedFuture(new NotLed("the leader has changed"))
                    : Future.succeededFuture(reply))
        .onFailure(_ -> disconnect());
  }
}
