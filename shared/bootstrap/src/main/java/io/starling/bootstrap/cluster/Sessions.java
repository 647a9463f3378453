package io.starling.bootstrap.cluster;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The soft map {@code sessions}: client to gateway and epoch. A change is taken only if its epoch
 * is the highest seen, so that a late "offline" never overwrites a newer "online". Every call is
 * bounded to a second. Thread-safe.
 */
public final class Sessions {
  private static final Duration LIMIT = Duration.ofSeconds(1);

  private final Entries entries;

  /** Where the entries stand. */
  public interface Entries {
    /** Finds who holds a client, or held it last. */
    Future<Optional<SessionEntry>> find(String client);

    /**
     * Puts an entry unless a higher epoch is there, in one step.
     *
     * @return what was there before
     */
    Future<Optional<SessionEntry>> put(String client, SessionEntry entry);
  }

  /** Over these entries. */
  public Sessions(Entries entries) {
    this.entries = entries;
  }

  /** The map of a cloud that is this process alone. */
  public static Sessions ofThisProcess() {
    return new Sessions(new Local(new ConcurrentHashMap<>()));
  }

  /** Finds who holds a client, or held it last. */
  public Future<Optional<SessionEntry>> find(String client) {
    return bounded(entries.find(client));
  }

  /**
   * Puts an entry unless a higher epoch is there.
   *
   * @return the entry that was there before; if its epoch is higher, nothing was put
   */
  public Future<Optional<SessionEntry>> put(String client, SessionEntry entry) {
    return bounded(entries.put(client, entry));
  }

  private static <T> Future<T> bounded(Future<T> call) {
    return call.timeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private record Local(ConcurrentHashMap<String, SessionEntry> map) implements Entries {
    @Override
    public Future<Optional<SessionEntry>> find(String client) {
      return Future.succeededFuture(Optional.ofNullable(map.get(client)));
    }

    @Override
    public Future<Optional<SessionEntry>> put(String client, SessionEntry entry) {
      var before = new SessionEntry[1];
      map.compute(
          client,
          (key, known) -> {
            before[0] = known;
            return known == null || known.yieldsTo(entry) ? entry : known;
          });
      return Future.succeededFuture(Optional.ofNullable(before[0]));
    }
  }
}
