package io.starling.connection.admission;

import java.time.Duration;

/**
 * How fast clients may come in.
 *
 * @param perSecond CONNECTs of one gateway a second, at most; fewer while its event loop lags
 * @param burst how many may come at once after a rest
 * @param patience how long one waits for its CONNACK, well below what clients wait for it
 */
public record AdmissionLimits(int perSecond, int burst, Duration patience) {
  /** Checks the bounds. */
  public AdmissionLimits {
    if (perSecond < 1 || burst < 1 || patience.toMillis() < 1) {
      throw new IllegalArgumentException("an admission that lets nobody in");
    }
  }

  /** How many may wait: as many as could be let in meanwhile. */
  int waiting() {
    return (int) Math.max(1, Math.min(1_000_000, perSecond * patience.toMillis() / 1_000));
  }
}
