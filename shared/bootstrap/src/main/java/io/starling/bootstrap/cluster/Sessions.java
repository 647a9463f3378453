package io.starling.bootstrap.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.AsyncMap;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The soft map {@code sessions}: client to gateway and epoch. A change is taken only if its epoch
 * is the highest seen, so that a late "offline" never overwrites a newer "online". Every call is
 * bounded to a second. Thread-safe.
 */
public final class Sessions {
  private static final Duration LIMIT = Duration.ofSeconds(1);

  private final AsyncMap<String, String> map;

  private Sessions(AsyncMap<String, String> map) {
    this.map = map;
  }

  /** The map of this Vert.x: of the cluster where there is one. */
  public static Future<Sessions> open(Vertx vertx) {
    return vertx.sharedData().<String, String>getAsyncMap("sessions").map(Sessions::new);
  }

  /** Finds who holds a client, or held it last. */
  public Future<Optional<SessionEntry>> find(String client) {
    return bounded(map.get(client)).map(text -> Optional.ofNullable(text).map(SessionEntry::read));
  }

  /**
   * Puts an entry unless a higher epoch is there.
   *
   * @return the entry that was there before; if its epoch is higher, nothing was put
   */
  public Future<Optional<SessionEntry>> put(String client, SessionEntry entry) {
    String text = entry.write();
    return bounded(map.putIfAbsent(client, text))
        .compose(
            before -> {
              if (before == null) {
                return Future.succeededFuture(Optional.empty());
              }
              var known = SessionEntry.read(before);
              if (known.epoch() > entry.epoch()) {
                return Future.succeededFuture(Optional.of(known));
              }
              return bounded(map.replaceIfPresent(client, before, text))
                  .compose(
                      done ->
                          done ? Future.succeededFuture(Optional.of(known)) : put(client, entry));
            });
  }

  private static <T> Future<T> bounded(Future<T> call) {
    return call.timeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }
}
