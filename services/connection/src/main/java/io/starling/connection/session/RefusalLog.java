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
  private static final int MAX_CHARS = 32;
  private static final int START_CHARS = 6;

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

  /**
   * What strangers send goes into the log without control characters, and only its start if it is
   * so long that it may be a secret in the wrong place: tokens have 40 characters, secrets 64.
   */
  static String printable(@Nullable String text) {
    if (text == null) {
      return "-";
    }
    boolean whole = text.length() <= MAX_CHARS;
    var safe = new StringBuilder();
    text.codePoints()
        .limit(whole ? MAX_CHARS : START_CHARS)
        .map(c -> Character.isISOControl(c) ? '?' : c)
        .forEach(safe::appendCodePoint);
    return whole ? safe.toString() : safe + "…";
  }
}
