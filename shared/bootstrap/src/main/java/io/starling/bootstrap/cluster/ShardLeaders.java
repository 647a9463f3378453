package io.starling.bootstrap.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.AsyncMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The soft map {@code leaders}: shard to the relay node that leads it, written by the leader itself
 * under its Raft term. A stale entry costs one more question. Thread-safe.
 */
public final class ShardLeaders {
  private static final long LIMIT_MILLIS = 1_000;

  private final AsyncMap<String, String> map;

  private ShardLeaders(AsyncMap<String, String> map) {
    this.map = map;
  }

  /** The map of this Vert.x: of the cluster where there is one. */
  public static Future<ShardLeaders> open(Vertx vertx) {
    return vertx.sharedData().<String, String>getAsyncMap("leaders").map(ShardLeaders::new);
  }

  /** Finds the node that leads a shard. */
  public Future<Optional<String>> find(int shard) {
    return bounded(map.get(Integer.toString(shard)))
        .map(text -> Optional.ofNullable(text).map(ShardLeaders::node));
  }

  /** All leaders known, by shard. */
  public Future<Map<Integer, String>> all() {
    return bounded(map.entries())
        .map(
            entries -> {
              var leaders = new TreeMap<Integer, String>();
              entries.forEach((shard, text) -> leaders.put(Integer.valueOf(shard), node(text)));
              return leaders;
            });
  }

  /** Says that a node leads a shard since a term; an older term changes nothing. */
  public Future<Void> lead(int shard, String node, long term) {
    String key = Integer.toString(shard);
    String text = term + "|" + node;
    return bounded(map.putIfAbsent(key, text))
        .compose(
            before -> {
              if (before == null || term(before) > term || before.equals(text)) {
                return Future.succeededFuture();
              }
              return bounded(map.replaceIfPresent(key, before, text))
                  .compose(done -> done ? Future.succeededFuture() : lead(shard, node, term));
            });
  }

  /**
   * The term of an entry of the map {@code leaders}.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static long term(String text) {
    if (text.indexOf('|') < 0) {
      throw new IllegalArgumentException("not a leader's entry");
    }
    return Long.parseLong(text.substring(0, text.indexOf('|')));
  }

  private static String node(String text) {
    return text.substring(text.indexOf('|') + 1);
  }

  private static <T> Future<T> bounded(Future<T> call) {
    return call.timeout(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
  }
}
