package io.starling.testing.bench;

import io.starling.testing.Await;
import io.starling.testing.account.CloudApi;
import io.starling.testing.fleet.Stamp;
import io.starling.testing.sink.Delivery;
import io.starling.testing.sink.WebhookSink;
import io.vertx.core.Vertx;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Where a webhook leads: counts what is posted, and tells how long it was under way. */
final class HookEnd implements AutoCloseable {
  /** Events whose names begin so go to the webhook. */
  static final String PREFIX = "hook/";

  /** For what the API is asked before or after a measurement. */
  static final Duration API_LIMIT = Duration.ofSeconds(35);

  static final long MOST_MICROS = TimeUnit.MINUTES.toMicros(5);

  private final WebhookSink sink;
  private final Recorder latency = new Recorder(MOST_MICROS, 3);
  private final Recorder fromAck = new Recorder(MOST_MICROS, 3);

  /** Since timing began: when each message was acknowledged, or posted, whichever came first. */
  private final ConcurrentHashMap<Stamp, Long> firsts = new ConcurrentHashMap<>();

  private final AtomicLong posted = new AtomicLong();
  private volatile boolean timing;

  private HookEnd(WebhookSink sink) {
    this.sink = sink;
    sink.onDelivery(this::take);
  }

  static HookEnd open(Vertx vertx, CloudApi api) {
    var sink = Await.get(WebhookSink.open(vertx, 0, 0));
    Await.done(api.createWebhook(PREFIX, sink.url()), API_LIMIT);
    return new HookEnd(sink);
  }

  private void take(Delivery delivery) {
    posted.incrementAndGet();
    if (timing) {
      var text = URLDecoder.decode(delivery.text(), StandardCharsets.UTF_8);
      record(latency, text, delivery.nanos());
      Stamp.find(text).ifPresent(stamp -> posted(stamp, delivery.nanos()));
    }
  }

  private void posted(Stamp stamp, long nanos) {
    var acked = firsts.putIfAbsent(stamp, nanos);
    if (acked != null) {
      firsts.remove(stamp);
      fromAck.recordValue(Math.clamp((nanos - acked) / 1_000, 0, MOST_MICROS));
    }
  }

  /** A message with this webhook's topic was acknowledged to its publisher. */
  void acked(Stamp stamp) {
    if (timing && firsts.putIfAbsent(stamp, System.nanoTime()) != null) {
      firsts.remove(stamp);
      fromAck.recordValue(0);
    }
  }

  /** How long the message in this text was under way when it arrived. */
  static void record(Recorder recorder, String text, long arrived) {
    Stamp.find(text)
        .ifPresent(
            stamp ->
                recorder.recordValue(
                    Math.clamp((arrived - stamp.nanos()) / 1_000, 0, MOST_MICROS)));
  }

  long posted() {
    return posted.get();
  }

  /** Waits until so many were posted, or the time is over. */
  void awaitPosted(long posts, Duration limit) {
    Meter.await(() -> posted() >= posts, limit);
  }

  /** From now on latencies are recorded, from the time stamped into each message. */
  void startTiming() {
    timing = true;
    firsts.clear();
    var _ = latency.getIntervalHistogram();
    var _ = fromAck.getIntervalHistogram();
  }

  void stopTiming() {
    timing = false;
  }

  /** From when it was due to the first byte here. */
  Histogram latency() {
    return latency.getIntervalHistogram();
  }

  /** From its PUBACK at the publisher to the first byte here; 0 where that came first. */
  Histogram fromAck() {
    return fromAck.getIntervalHistogram();
  }

  @Override
  public void close() {
    Await.done(sink.close());
  }
}
