package io.starling.webhooks.delivery;

/**
 * So many starts per second, with a few in advance for those who look only every now and then. Pure
 * but for its own state.
 */
final class TokenBucket {
  /** What may be started at once after a pause: more than the time between two looks. */
  private static final double BURST_SECONDS = 0.1;

  private static final double ROUNDING = 1e-9;

  private double perSecond = Double.POSITIVE_INFINITY;
  private double tokens = 1;
  private long atMillis;

  /** Allows so many from now on, infinite for no limit. */
  void allow(double perSecond, long nowMillis) {
    if (perSecond != this.perSecond) {
      fill(nowMillis);
      this.perSecond = perSecond;
      tokens = Math.min(tokens, most());
      atMillis = nowMillis;
    }
  }

  /** Tells whether one may be started. */
  boolean hasOne(long nowMillis) {
    fill(nowMillis);
    return tokens >= 1 - ROUNDING;
  }

  /** One was started. */
  void take() {
    tokens -= 1;
  }

  private void fill(long nowMillis) {
    double more = (nowMillis - atMillis) / 1_000.0 * perSecond;
    tokens = Double.isFinite(perSecond) ? Math.min(most(), tokens + Math.max(0, more)) : 1;
    atMillis = nowMillis;
  }

  private double most() {
    return 1 + perSecond * BURST_SECONDS;
  }
}
