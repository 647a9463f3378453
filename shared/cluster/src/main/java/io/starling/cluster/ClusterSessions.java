package io.starling.cluster;

import com.hazelcast.map.IMap;
import io.starling.bootstrap.cluster.SessionEntry;
import io.starling.bootstrap.cluster.Sessions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The map of sessions of the region. Nothing blocks a thread, however many questions wait for a
 * member that is frozen. Thread-safe.
 */
final class ClusterSessions implements Sessions.Entries {
  private final Vertx vertx;
  private final IMap<String, String> map;

  ClusterSessions(Vertx vertx, IMap<String, String> map) {
    this.vertx = vertx;
    this.map = map;
  }

  @Override
  public Future<Optional<SessionEntry>> find(String client) {
    return read(map.getAsync(client));
  }

  @Override
  public Future<Optional<SessionEntry>> put(String client, SessionEntry entry) {
    return read(map.submitToKey(client, new PutIfNewest(entry)));
  }

  private Future<Optional<SessionEntry>> read(CompletionStage<@Nullable String> text) {
    return Future.fromCompletionStage(text, vertx.getOrCreateContext())
        .map(found -> Optional.ofNullable(found).map(SessionEntry::read));
  }
}
