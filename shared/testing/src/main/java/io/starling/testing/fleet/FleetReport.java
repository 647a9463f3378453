package io.starling.testing.fleet;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * What a fleet has done so far.
 *
 * @param elapsed from the start of the last drive to its end, or until now
 * @param published handed to the devices
 * @param acked accepted by the server (QoS 0: written)
 * @param refused answered with a refusal
 * @param unanswered lost with their connection, or not sent because a device's queue was full
 * @param latency from the moment each was due to its acknowledgement, in microseconds
 */
public record FleetReport(
    Duration elapsed,
    int devices,
    int connected,
    long published,
    long acked,
    long refused,
    long unanswered,
    long reconnects,
    Histogram latency) {

  /** Published and neither answered nor given up. */
  public long pending() {
    return published - acked - refused - unanswered;
  }

  /** One line for a person who watches. */
  public String progress() {
    return "%3ds  %d/%d connected  %,d published  %,d acked  %s"
        .formatted(elapsed.toSeconds(), connected, devices, published, acked, shortPercentiles());
  }

  /** Several lines at the end. */
  public String summary() {
    var seconds = Math.max(0.001, elapsed.toNanos() / 1e9);
    return """
        devices       %,d (%,d connected, %,d reconnects)
        published     %,d in %.1f s (%,.0f/s)
        acknowledged  %,d (refused %,d, unanswered %,d, pending %,d)
        latency       %s"""
        .formatted(
            devices,
            connected,
            reconnects,
            published,
            seconds,
            published / seconds,
            acked,
            refused,
            unanswered,
            pending(),
            percentiles());
  }

  /** Percentiles of the latency, or {@code -} before the first acknowledgement. */
  public String percentiles() {
    if (latency.getTotalCount() == 0) {
      return "-";
    }
    return "p50 %s  p90 %s  p99 %s  p99.9 %s  max %s"
        .formatted(at(50), at(90), at(99), at(99.9), at(100));
  }

  private String shortPercentiles() {
    return latency.getTotalCount() == 0 ? "" : "p50 %s  p99 %s".formatted(at(50), at(99));
  }

  private String at(double percentile) {
    return "%.2f ms".formatted(latency.getValueAtPercentile(percentile) / 1000.0);
  }
}
