package io.starling.connection.session;

import io.starling.connection.mqtt.Connect;
import io.starling.connection.mqtt.Refusal;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each refused CONNECT, without secrets, and no more than a few in ten seconds: a
 * flood of refusals must not become a flood of the log. Belongs to one event loop.
 */
final class RefusalLog {
  private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
  private static final long WINDOW_MILLIS = 10_000;
  private static final int LINES = 10;
  private static final int MAX_CHARS = 64;

  private final InstantSource clock;
  private long windowStart;
  private long refusals;

  RefusalLog(InstantSource clock) {
    this.clock = clock;
  }

  void refused(Connect connect, Refusal refusal) {
    long now = clock.millis();
    if (now - windowStart > WINDOW_MILLIS) {
      if (refusals > LINES) {
        LOG.info("Refused {} more clients in that time", refusals - LINES);
      }
      windowStart = now;
      refusals = 0;
    }
    refusals++;
    if (refusals <= LINES) {
      LOG.info(
          "Refused {} (client id {}) from {}: {}",
          printable(connect.userName()),
          printable(connect.clientId()),
          connect.address(),
          refusal);
    }
  }

  /** What strangers send goes into the log short and without control characters. */
  private static String printable(@Nullable String text) {
    if (text == null) {
      return "-";
    }
    var safe = new StringBuilder();
    text.codePoints()
        .limit(MAX_CHARS)
        .map(c -> Character.isISOControl(c) ? '?' : c)
        .forEach(safe::appendCodePoint);
    return safe.toString();
  }
}
