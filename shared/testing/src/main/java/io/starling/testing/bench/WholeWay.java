package io.starling.testing.bench;

import io.starling.testing.Await;
import io.starling.testing.account.CloudApi;
import io.starling.testing.sink.SseReader;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Both ends of the whole way: an event stream of everything, and a webhook for a tenth. */
final class WholeWay implements AutoCloseable {
  private final SseReader reader;
  private final HookEnd hook;
  private final Recorder readerLatency = new Recorder(HookEnd.MOST_MICROS, 3);
  private final AtomicLong read = new AtomicLong();
  private volatile boolean timing;

  private WholeWay(SseReader reader, HookEnd hook) {
    this.reader = reader;
    this.hook = hook;
    reader.onEvent(
        event -> {
          if (event.data().contains(".....")) {
            read.incrementAndGet();
            if (timing) {
              HookEnd.record(readerLatency, event.data(), event.nanos());
            }
          }
        });
  }

  static WholeWay open(Vertx vertx, CloudApi api) {
    var hook = HookEnd.open(vertx, api);
    var options = SseReader.Options.DEFAULT.reconnecting().withCapacity(0);
    var reader = Await.get(SseReader.open(vertx, api.eventsUrl(), options));
    return new WholeWay(reader, hook);
  }

  long read() {
    return read.get();
  }

  long posted() {
    return hook.posted();
  }

  /** Waits until so many events were read and posted, or the time is over. */
  void await(long reads, long posts, Duration limit) {
    Meter.await(() -> read.get() >= reads && posted() >= posts, limit);
  }

  /** From now on latencies are recorded, from the time stamped into each message. */
  void startTiming() {
    timing = true;
    hook.startTiming();
    var _ = readerLatency.getIntervalHistogram();
  }

  void stopTiming() {
    timing = false;
    hook.stopTiming();
  }

  Histogram readerLatency() {
    return readerLatency.getIntervalHistogram();
  }

  Histogram sinkLatency() {
    return hook.latency();
  }

  @Override
  public void close() {
    Await.done(reader.close());
    hook.close();
  }
}
