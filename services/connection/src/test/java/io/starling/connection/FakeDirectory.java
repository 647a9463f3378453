package io.starling.connection;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.Change;
import io.starling.contract.DirectoryReply;
import io.starling.contract.DirectoryRequest;
import io.starling.contract.JournalPosition;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Stands in for the leader of the directory log: rows as they are put, and no waiting. */
final class FakeDirectory {
  private final List<Change> changes = new CopyOnWriteArrayList<>();

  FakeDirectory(Bus bus) {
    TestRegion.done(
        bus.serve(
            "directory",
            DirectoryRequest.class,
            request -> Future.succeededFuture(answer(request))));
  }

  void put(String kind, String key, @Nullable JsonObject row) {
    changes.add(new Change(kind, key, 1, changes.size() + 1, row == null ? null : row.encode()));
  }

  private DirectoryReply answer(DirectoryRequest request) {
    if (request instanceof DirectoryRequest.ReadChanges read) {
      var all = List.copyOf(changes);
      return new DirectoryReply.Changes(
          all.subList((int) read.from().index(), all.size()),
          new JournalPosition(all.size(), 0),
          true);
    }
    throw new IllegalArgumentException(request.toString());
  }
}
