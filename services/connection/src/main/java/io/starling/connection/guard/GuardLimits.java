package io.starling.connection.guard;

import io.starling.bootstrap.settings.Settings;

/**
 * Limits of one gateway.
 *
 * @param acceptsPerSecond new connections a second, before TLS; the others wait for some seconds
 * @param acceptBurst how many at once after a rest
 * @param handshakes how many TLS handshakes at a time
 * @param connectionsPerAddress how many connections an address may have, 0: any number
 * @param failures how many wrong credentials of a name in a minute are answered at once; ten times
 *     as many of an address
 * @param connectsPerMinute how often a minute a device may connect without waiting, 0: any number
 */
public record GuardLimits(
    int acceptsPerSecond,
    int acceptBurst,
    int handshakes,
    int connectionsPerAddress,
    int failures,
    int connectsPerMinute) {
  private static final int MOST = 1_000_000;

  /** Checks the bounds. */
  public GuardLimits {
    if (acceptsPerSecond < 1
        || acceptBurst < 1
        || handshakes < 1
        || connectionsPerAddress < 0
        || failures < 1
        || connectsPerMinute < 0) {
      throw new IllegalArgumentException("limits that let nobody in");
    }
  }

  /** Reads the settings. */
  public static GuardLimits from(Settings settings) {
    return new GuardLimits(
        settings.integer("STARLING_ACCEPT_RATE", 2_000, 1, MOST),
        settings.integer("STARLING_ACCEPT_BURST", 1_000, 1, MOST),
        settings.integer("STARLING_TLS_HANDSHAKES", 32, 1, 10_000),
        settings.integer("STARLING_ADDRESS_CONNECTIONS", 25_000, 0, 10_000_000),
        settings.integer("STARLING_CONNECT_FAILURES", 5, 1, MOST),
        settings.integer("STARLING_CONNECT_FLAPPING", 30, 0, MOST));
  }
}
