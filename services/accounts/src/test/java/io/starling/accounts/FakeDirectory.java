package io.starling.accounts;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.Change;
import io.starling.contract.DirectoryReply;
import io.starling.contract.DirectoryRequest;
import io.starling.contract.FeedPosition;
import io.starling.contract.JournalPosition;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;

/** A directory log in memory, at the real one's address. */
final class FakeDirectory {
  /** The relay that leads it. */
  static final String RELAY = "fake";

  private final Vertx vertx;
  private final List<Change> changes = new ArrayList<>();
  private FeedPosition feed = FeedPosition.START;

  FakeDirectory(Vertx vertx) {
    this.vertx = vertx;
  }

  Future<?> serve(Bus bus) {
    return Future.join(
        bus.serve("directory", DirectoryRequest.class, this::answer),
        bus.serve("relay." + RELAY, RelayRequest.AppendChanges.class, this::append));
  }

  synchronized List<Change> changes() {
    return List.copyOf(changes);
  }

  private synchronized Future<RelayReply> append(RelayRequest.AppendChanges append) {
    if (append.from().equals(feed)) {
      changes.addAll(append.changes());
      feed = append.to();
    }
    return Future.succeededFuture(new RelayReply.DirectoryAt(feed));
  }

  private synchronized Future<DirectoryReply> answer(DirectoryRequest request) {
    return switch (request) {
      case DirectoryRequest.FeedAt _ -> Future.succeededFuture(at());
      case DirectoryRequest.AwaitFeed await
          when feed.includes(await.term(), await.transaction()) || await.waitMillis() <= 0 ->
          Future.succeededFuture(at());
      case DirectoryRequest.AwaitFeed await ->
          vertx
              .timer(5)
              .compose(
                  fired ->
                      answer(
                          new DirectoryRequest.AwaitFeed(
                              await.term(), await.transaction(), await.waitMillis() - 5)));
      default -> Future.failedFuture("not asked in this test");
    };
  }

  private DirectoryReply.Feed at() {
    return new DirectoryReply.Feed(feed, new JournalPosition(changes.size(), 0));
  }
}
