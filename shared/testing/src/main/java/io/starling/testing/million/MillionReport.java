package io.starling.testing.million;

import java.time.Duration;
import java.util.List;

/**
 * What was measured.
 *
 * @param upload until the file was stored and answered
 * @param imported from then on until all devices were in
 * @param heapBytes of the server, for each device
 * @param writes of others meanwhile
 * @param pages lists and searches
 * @param known from the start of the process until it listed all again
 */
public record MillionReport(
    int devices,
    Duration upload,
    Duration imported,
    long heapBytes,
    Times writes,
    List<Times> pages,
    Duration known) {

  /**
   * How long requests of one kind took, in milliseconds.
   *
   * @param found devices that the answer counted
   */
  public record Times(String kind, int found, double median, double p99) {
    @Override
    public String toString() {
      return "%-28s %,10d found %8.1f ms p50 %8.1f ms p99".formatted(kind, found, median, p99);
    }
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    text.append("%,d devices%n".formatted(devices))
        .append("upload %.1f s, import %.1f s%n".formatted(seconds(upload), seconds(imported)))
        .append("%,d bytes of heap a device%n".formatted(heapBytes))
        .append("all known %.1f s after a start%n".formatted(seconds(known)))
        .append(writes);
    pages.forEach(page -> text.append(System.lineSeparator()).append(page));
    return text.toString();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }
}
