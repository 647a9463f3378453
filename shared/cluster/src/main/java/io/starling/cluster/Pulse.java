package io.starling.cluster;

import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of the other processes are silent: frozen, cut off, or too busy to answer. Each says twice
 * a second over the bus that it is there. Whom this process does not hear it does not ask, from a
 * moment when another one serves the same, and a little later not at all; whom it hears again it
 * asks again. That is its own view, which costs nothing and is mended by one word. To be put out of
 * the cluster takes longer, on purpose: it moves copies and ends in a merge, and where it befalls a
 * process that is only slow, two healthy halves part.
 *
 * <p>Who has left the cluster is not asked from a second later, but still told for a minute: the
 * halves of one that was cut hear each other as soon as they can, and serve each other while their
 * maps are still being merged. Who has never been heard is not missed: a process that has just
 * come. Thread-safe.
 */
final class Pulse {
  private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);

  /** Where each says that it is there. The only address at which the silent are still told. */
  static final String ADDRESS = "starling.pulse";

  private static final long BEAT_MILLIS = 500;

  /** Longer than a pause of the collector, or of a process that starts. */
  private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(2_500);

  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long LOST_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** Two beats. */
  private static final long DEPARTED_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** After a pause of our own it is not the others who were silent. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

  /** How long somebody has been silent. */
  enum Silence {
    /** Another one is asked where there is one. */
    SHORT,
    /** Nothing is sent there. */
    LONG
  }

  private final Registrations registrations;
  private final UnaryOperator<String> names;
  private final LongSupplier nanos;
  private final Map<String, Long> heard = new HashMap<>();
  private final Set<String> departed = new HashSet<>();
  private Map<String, Silence> silent = Map.of();
  private long lastTurn;

  /** Hears nobody yet; names are for the log. */
  Pulse(Registrations registrations, UnaryOperator<String> names, LongSupplier nanos) {
    this.registrations = registrations;
    this.names = names;
    this.nanos = nanos;
    this.lastTurn = nanos.getAsLong();
  }

  /** Begins to tell and to listen, until the Vert.x is closed. */
  void start(Vertx vertx) {
    var bus = vertx.eventBus();
    var _ = bus.<String>consumer(ADDRESS, message -> heard(message.body()));
    var _ =
        vertx.setPeriodic(
            BEAT_MILLIS,
            _ -> {
              var _ = bus.publish(ADDRESS, registrations.self());
              turn();
            });
  }

  /**
   * A process is not in the cluster any more. Where another one serves the same that is asked from
   * now on; but nothing at all is sent there only if it says nothing for another moment. Parted by
   * mistake, it goes on to serve.
   */
  synchronized void departed(String node) {
    if (departed.add(node)) {
      long doubted = nanos.getAsLong() - LONG_NANOS + DEPARTED_NANOS;
      heard.merge(node, doubted, (at, doubt) -> at - doubt < 0 ? at : doubt);
      turn();
    }
  }

  /** A process is in the cluster, again if it was before. */
  synchronized void arrived(String node) {
    departed.remove(node);
  }

  /** Whether a process has left the cluster, and was not heard for a minute since. */
  synchronized boolean isLost(String node) {
    return departed.contains(node)
        && nanos.getAsLong() - heard.getOrDefault(node, Long.MIN_VALUE / 2) > LOST_NANOS;
  }

  synchronized void heard(String node) {
    heard.put(node, nanos.getAsLong());
    if (silent.containsKey(node)) {
      turn();
    }
  }

  /** Looks who has been silent for how long. */
  synchronized void turn() {
    long now = nanos.getAsLong();
    if (now - lastTurn > PAUSE_NANOS) {
      heard.replaceAll((node, at) -> departed.contains(node) ? at : now);
    }
    lastTurn = now;
    heard.keySet().retainAll(registrations.nodes());
    departed.retainAll(heard.keySet());
    var found = new HashMap<String, Silence>();
    heard.forEach(
        (node, at) -> {
          long since = now - at;
          if (since > SHORT_NANOS) {
            found.put(node, since > LONG_NANOS ? Silence.LONG : Silence.SHORT);
          }
        });
    if (!found.equals(silent)) {
      tell(silent, found);
      silent = Map.copyOf(found);
      registrations.silent(silent);
    }
  }

  private void tell(Map<String, Silence> before, Map<String, Silence> now) {
    for (var node : now.keySet()) {
      if (!before.containsKey(node) && !departed.contains(node)) {
        LOG.warn("{} is silent: others are asked where there are any", names.apply(node));
      }
    }
    for (var node : before.keySet()) {
      if (!now.containsKey(node) && heard.containsKey(node) && !departed.contains(node)) {
        LOG.info("{} is heard again", names.apply(node));
      }
    }
  }

  /** The names of the members that are silent now. */
  synchronized List<String> silent() {
    return silent.keySet().stream()
        .filter(node -> !departed.contains(node))
        .map(names)
        .sorted()
        .toList();
  }
}
