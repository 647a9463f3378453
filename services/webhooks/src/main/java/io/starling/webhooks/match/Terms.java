package io.starling.webhooks.match;

import io.starling.webhooks.request.Properties;
import org.jspecify.annotations.Nullable;

/**
 * How deliveries of an integration follow each other, whatever each looks like.
 *
 * <p>Rate and concurrency hold over all shards that one process follows. Of a region with several
 * processes each takes the part that its share of the shards is, so that together they stay below
 * the rate; but none has less than one request at once, so there may be as many as there are
 * processes. An integration whose events come from few devices gets less than its rate then.
 *
 * @param ordered whether events of one device are delivered one after the other; those of apps
 *     count as one device
 * @param batch how many events go into one request; null for one each
 * @param rate requests per second, infinite for no limit
 * @param concurrency requests under way at once, beside the limit of the process
 */
public record Terms(boolean ordered, @Nullable Batching batch, double rate, int concurrency) {
  /** Neither order nor batches nor limits of its own. */
  public static final Terms NONE =
      new Terms(false, null, Double.POSITIVE_INFINITY, Integer.MAX_VALUE);

  /** The most requests at once that can be asked for. */
  public static final int MOST_CONCURRENCY = 10_000;

  /**
   * When a batch is sent.
   *
   * @param events at the latest when so many are there
   * @param millis or so long after the first; looked at every few hundredths of a second
   */
  public record Batching(int events, int millis) {}

  /**
   * Reads {@code ordered}, {@code batch}, {@code rate} and {@code concurrency}.
   *
   * @throws IllegalArgumentException if any of them is not right, saying what to change
   */
  static Terms of(Properties properties) {
    return new Terms(
        properties.flag("ordered", false),
        batch(properties),
        properties.number("rate", 0.1, 10_000).orElse(NONE.rate),
        properties.integer("concurrency", 1, MOST_CONCURRENCY).orElse(NONE.concurrency));
  }

  private static @Nullable Batching batch(Properties properties) {
    var batch = properties.has("batch") ? properties.object("batch") : null;
    if (batch == null) {
      return null;
    }
    for (String name : batch.fieldNames()) {
      if (!name.equals("events") && !name.equals("millis")) {
        throw new IllegalArgumentException("batch has events and millis, not " + name);
      }
    }
    var values = new Properties(batch, "batch.");
    return new Batching(
        values.integer("events", 2, 1_000).orElseThrow(() -> missing("events")),
        values.integer("millis", 10, 60_000).orElseThrow(() -> missing("millis")));
  }

  private static IllegalArgumentException missing(String name) {
    return new IllegalArgumentException(
        "batch needs both events and millis: " + name + " is not there");
  }
}
