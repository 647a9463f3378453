package io.starling.bootstrap.cluster;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.RelayHint;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Which relay node leads which log, as the relays of the region tell it. Kept in this process, so
 * that nothing between PUBLISH and PUBACK asks a map of the cluster. What is stale costs one more
 * question. Thread-safe.
 */
public final class ShardLeaders {
  /**
   * Relays tell every second. Who was silent for so long may be gone, and even a lower term counts
   * then: that of a journal that began anew.
   */
  private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final String DIRECTORY = "directory";
  private static final String SESSIONS = "sessions";
  private static final String RETAINED = "retained";

  private final Map<String, Led> logs = new ConcurrentHashMap<>();
  private final Map<String, Long> heard = new ConcurrentHashMap<>();
  private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();

  private record Led(String relay, long term, long heardNanos) {
    boolean isSilent(long now) {
      return now - heardNanos > SILENT_NANOS;
    }
  }

  private ShardLeaders() {}

  /** Starts listening to the relays of this bus. */
  public static Future<ShardLeaders> open(Bus bus) {
    var leaders = new ShardLeaders();
    return bus.listen(RelayHint.ADDRESS, RelayHint.Leading.class, leaders::heard).map(leaders);
  }

  /** The name of a shard's log. */
  public static String logName(int shard) {
    return "shard-" + shard;
  }

  /** Finds the node that leads a shard. */
  public Optional<String> find(int shard) {
    return leader(logName(shard));
  }

  /** Finds the node that leads the directory log. */
  public Optional<String> findDirectory() {
    return leader(DIRECTORY);
  }

  /** Finds the node that leads the log of persistent sessions. */
  public Optional<String> findSessions() {
    return leader(SESSIONS);
  }

  /** Finds the node that leads the log of retained messages. */
  public Optional<String> findRetained() {
    return leader(RETAINED);
  }

  private Optional<String> leader(String log) {
    return Optional.ofNullable(logs.get(log)).map(Led::relay);
  }

  /** The relays that were heard of lately or are the last known to lead something. */
  public Set<String> relays() {
    long now = System.nanoTime();
    heard.values().removeIf(at -> now - at > SILENT_NANOS);
    var relays = new TreeSet<>(heard.keySet());
    logs.values().forEach(led -> relays.add(led.relay()));
    return relays;
  }

  /** Calls the listener after each change of leaders, on any thread. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Takes in what a relay tells. */
  public void heard(RelayHint.Leading hint) {
    long now = System.nanoTime();
    heard.put(hint.relay(), now);
    boolean changed = false;
    for (var lead : hint.leads()) {
      var next = new Led(hint.relay(), lead.term(), now);
      var before = logs.get(lead.log());
      var after =
          logs.compute(
              lead.log(),
              (log, known) ->
                  known == null || known.term() <= next.term() || known.isSilent(now)
                      ? next
                      : known);
      changed |= before == null || !before.relay().equals(after.relay());
    }
    if (changed) {
      listeners.forEach(Runnable::run);
    }
  }
}
