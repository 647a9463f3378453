package io.starling.connection.guard;

import io.micrometer.core.instrument.MeterRegistry;

/**
 * The limits of one gateway together. Belongs to its event loop.
 *
 * @param accepts tokens for new connections
 * @param meters counts what is done about it
 */
public record Guard(
    TokenBucket accepts,
    Addresses addresses,
    Handshakes handshakes,
    Failures failures,
    Flapping flapping,
    GuardMeters meters) {
  private static final int MOST_WAITING_HANDSHAKES = 10_000;
  private static final long LATEST_REFUSAL_MILLIS = 20_000;

  /** How long a new connection waits for its token at most. */
  public static final long ACCEPT_WAIT_NANOS = 3_000_000_000L;

  /** Limits at which nothing has happened yet. */
  public static Guard of(GuardLimits limits, MeterRegistry registry, String gateway) {
    var handshakes = new Handshakes(limits.handshakes(), MOST_WAITING_HANDSHAKES);
    return new Guard(
        new TokenBucket(limits.acceptsPerSecond(), limits.acceptBurst(), System.nanoTime()),
        new Addresses(limits.connectionsPerAddress()),
        handshakes,
        new Failures(limits.failures(), LATEST_REFUSAL_MILLIS),
        new Flapping(limits.connectsPerMinute()),
        new GuardMeters(registry, gateway, handshakes));
  }
}
