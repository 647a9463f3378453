package io.starling.connection.session;

import io.starling.bootstrap.usage.UsageCounter;
import io.starling.connection.credential.Client;
import io.starling.contract.UsageKind;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long devices are connected, counted by hours: when a connection ends, and in turns while it
 * lasts, so few at a time that a database can take it from all gateways of a large region. With
 * more than a thousand devices a turn takes longer than a minute: a device's time is then known
 * that much later. That it is connected is told at once. Belongs to one event loop.
 */
final class OnlineTimes {
  private static final int MOST_AT_ONCE = 50;
  private static final long AGAIN_MILLIS = 40_000;
  private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();

  private final UsageCounter usage;
  private final Directory directory;
  private final InstantSource clock;

  /** Up to when each was counted, the longest ago first. */
  private final Map<Session, Long> counted = new LinkedHashMap<>();

  OnlineTimes(UsageCounter usage, Directory directory, InstantSource clock) {
    this.usage = usage;
    this.directory = directory;
    this.clock = clock;
  }

  /** A connection has begun. */
  void began(Session session) {
    if (session.client() instanceof Client.OfDevice device) {
      int product = product(device);
      usage.count(device.account(), product, device.id(), UsageKind.CONNECTION, 1);
      usage.count(device.account(), product, device.id(), UsageKind.ONLINE_SECONDS, 0);
      counted.put(session, clock.millis());
    }
  }

  /** A connection is over. */
  void over(Session session) {
    var from = counted.remove(session);
    if (from != null) {
      count(session, from, clock.millis());
    }
  }

  /** Counts some of those that were not counted for a while. To be called every two seconds. */
  void turn() {
    long now = clock.millis();
    for (int i = 0; i < MOST_AT_ONCE && !counted.isEmpty(); i++) {
      var next = counted.entrySet().iterator().next();
      if (now - next.getValue() < AGAIN_MILLIS) {
        return;
      }
      var session = next.getKey();
      counted.remove(session);
      counted.put(session, now);
      count(session, next.getValue(), now);
    }
  }

  private void count(Session session, long fromMillis, long toMillis) {
    if (session.client() instanceof Client.OfDevice device) {
      int product = product(device);
      for (long from = fromMillis; from < toMillis; ) {
        long to = Math.min(toMillis, from - Math.floorMod(from, HOUR_MILLIS) + HOUR_MILLIS);
        long seconds = to / 1_000 - from / 1_000;
        usage.count(
            device.account(), product, device.id(), UsageKind.ONLINE_SECONDS, seconds, from);
        from = to;
      }
    }
  }

  private int product(Client.OfDevice device) {
    return directory.device(device.id()).map(Entry.Device::product).orElse(device.product());
  }
}
