package io.starling.testing.bench;

import io.starling.testing.Await;
import io.starling.testing.account.CloudApi;
import io.starling.testing.fleet.Stamp;
import io.starling.testing.sink.Delivery;
import io.starling.testing.sink.SseReader;
import io.starling.testing.sink.WebhookSink;
import io.vertx.core.Vertx;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Both ends of the whole way: an event stream of everything, and a webhook for a tenth. */
final class WholeWay implements AutoCloseable {
  /** Events whose names begin so go to the webhook. */
  static final String PREFIX = "hook/";

  private static final long MOST_MICROS = TimeUnit.MINUTES.toMicros(5);

  private final SseReader reader;
  private final WebhookSink sink;
  private final Recorder readerLatency = new Recorder(MOST_MICROS, 3);
  private final Recorder sinkLatency = new Recorder(MOST_MICROS, 3);
  private final AtomicLong read = new AtomicLong();
  private final AtomicLong posted = new AtomicLong();
  private volatile boolean timing;

  private WholeWay(SseReader reader, WebhookSink sink) {
    this.reader = reader;
    this.sink = sink;
    reader.onEvent(
        event -> {
          if (event.data().contains(".....")) {
            read.incrementAndGet();
            record(readerLatency, event.data(), event.nanos());
          }
        });
    sink.onDelivery(
        delivery -> {
          posted.incrementAndGet();
          record(sinkLatency, timing ? decoded(delivery) : "", delivery.nanos());
        });
  }

  static WholeWay open(Vertx vertx, CloudApi api) {
    var sink = Await.get(WebhookSink.open(vertx, 0, 0));
    Await.done(api.createWebhook(PREFIX, sink.url()), Duration.ofSeconds(35));
    var options = SseReader.Options.DEFAULT.reconnecting().withCapacity(0);
    var reader = Await.get(SseReader.open(vertx, api.eventsUrl(), options));
    return new WholeWay(reader, sink);
  }

  long read() {
    return read.get();
  }

  long posted() {
    return posted.get();
  }

  /** Waits until so many were posted, or the time is over. */
  void awaitPosted(long posts, Duration limit) {
    await(0, posts, limit);
  }

  /** Waits until so many events were read and posted, or the time is over. */
  void await(long reads, long posts, Duration limit) {
    var deadline = System.nanoTime() + limit.toNanos();
    while ((read.get() < reads || posted.get() < posts) && System.nanoTime() < deadline) {
      Meter.pause(Duration.ofMillis(5));
    }
  }

  /** From now on latencies are recorded, from the time stamped into each message. */
  void startTiming() {
    timing = true;
    var _ = readerLatency.getIntervalHistogram();
    var _ = sinkLatency.getIntervalHistogram();
  }

  void stopTiming() {
    timing = false;
  }

  Histogram readerLatency() {
    return readerLatency.getIntervalHistogram();
  }

  Histogram sinkLatency() {
    return sinkLatency.getIntervalHistogram();
  }

  private static String decoded(Delivery delivery) {
    return URLDecoder.decode(delivery.text(), StandardCharsets.UTF_8);
  }

  private void record(Recorder recorder, String text, long arrived) {
    if (timing) {
      Stamp.find(text)
          .ifPresent(
              stamp ->
                  recorder.recordValue(
                      Math.clamp((arrived - stamp.nanos()) / 1_000, 0, MOST_MICROS)));
    }
  }

  @Override
  public void close() {
    Await.done(reader.close());
    Await.done(sink.close());
  }
}
