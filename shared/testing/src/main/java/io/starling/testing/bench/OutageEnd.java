package io.starling.testing.bench;

import io.starling.testing.Await;
import io.starling.testing.fleet.Stamp;
import io.starling.testing.sink.Delivery;
import io.starling.testing.sink.Reply;
import io.starling.testing.sink.WebhookSink;
import io.vertx.core.Vertx;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint that may be down, and what it took of each device: which events, under which ids, in
 * which order and how fast. Thread-safe.
 */
final class OutageEnd implements AutoCloseable {
  private static final int FIRST_SLOTS = 1_024;
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Vertx vertx;
  private final int port;

  // Guarded by this.
  private @Nullable WebhookSink sink;
  private Reply reply = Reply.status(200);

  /** Of each device and sequence the digest of its webhook-id; 0: it did not come yet. */
  private final long[][] ids;

  private final boolean[][] taken;
  private final long[] highest;
  private final Histogram latency = new Histogram(HookEnd.MOST_MICROS, 3);
  private long count;
  private long repeats;
  private long otherIds;
  private long disorder;
  private long upNanos;
  private long firstNanos;
  private long lastNanos;
  private long[] times = new long[FIRST_SLOTS];
  private int timed;

  private OutageEnd(Vertx vertx, WebhookSink sink, int devices) {
    this.vertx = vertx;
    this.sink = sink;
    this.port = sink.port();
    this.ids = new long[devices][FIRST_SLOTS];
    this.taken = new boolean[devices][FIRST_SLOTS];
    this.highest = new long[devices];
    Arrays.fill(highest, -1);
    listen(sink);
  }

  /** One that answers 200. */
  static OutageEnd open(Vertx vertx, int devices) {
    return new OutageEnd(vertx, Await.get(WebhookSink.open(vertx, 0, 0)), devices);
  }

  private void listen(WebhookSink open) {
    open.answer(this::answer);
  }

  String url() {
    return "http://127.0.0.1:" + port + "/";
  }

  /** From now on connections are refused. */
  synchronized void refuse() {
    if (sink != null) {
      Await.done(sink.close());
      sink = null;
    }
  }

  /** From now on requests are answered so. */
  synchronized void fail(int status) {
    reply = Reply.status(status);
  }

  /** It is up again. */
  synchronized void heal() {
    if (sink == null) {
      sink = Await.get(WebhookSink.open(vertx, port, 0));
      listen(sink);
    }
    reply = Reply.status(200);
    upNanos = System.nanoTime();
  }

  private Reply answer(Delivery delivery) {
    var text = URLDecoder.decode(delivery.text(), StandardCharsets.UTF_8);
    var stamp =
        Stamp.find(text).orElseThrow(() -> new IllegalStateException("a body without its stamp"));
    String id = String.valueOf(delivery.headers().get("webhook-id"));
    return come(stamp, id, delivery.nanos());
  }

  private synchronized Reply come(Stamp stamp, String id, long now) {
    int device = stamp.device();
    int sequence = Math.toIntExact(stamp.sequence());
    grow(device, sequence);
    long digest = digest(id);
    if (ids[device][sequence] != 0 && ids[device][sequence] != digest) {
      otherIds++;
    }
    ids[device][sequence] = digest;
    if (reply instanceof Reply.Answer(var status, var _, var _) && status == 200) {
      take(stamp, now);
    }
    return reply;
  }

  private void take(Stamp stamp, long now) {
    int device = stamp.device();
    int sequence = (int) stamp.sequence();
    if (upNanos > 0) {
      firstNanos = firstNanos == 0 ? now : firstNanos;
      times = timed < times.length ? times : Arrays.copyOf(times, 2 * timed);
      times[timed++] = now;
    }
    if (taken[device][sequence]) {
      repeats++;
      return;
    }
    taken[device][sequence] = true;
    count++;
    lastNanos = now;
    if (sequence < highest[device]) {
      disorder++;
    }
    highest[device] = Math.max(highest[device], sequence);
    latency.recordValue(Math.clamp((now - stamp.nanos()) / 1_000, 0, HookEnd.MOST_MICROS));
  }

  private void grow(int device, int sequence) {
    int size = ids[device].length;
    if (sequence >= size) {
      int larger = Math.max(sequence + 1, 2 * size);
      ids[device] = Arrays.copyOf(ids[device], larger);
      taken[device] = Arrays.copyOf(taken[device], larger);
    }
  }

  /** Never 0. */
  private static long digest(String id) {
    long digest = 1;
    for (int i = 0; i < id.length(); i++) {
      digest = digest * 1_099_511_628_211L + id.charAt(i);
    }
    return digest == 0 ? 1 : digest;
  }

  /** Different events that it took. */
  synchronized long count() {
    return count;
  }

  synchronized long repeats() {
    return repeats;
  }

  /** Repeats that bore another webhook-id than before. */
  synchronized long otherIds() {
    return otherIds;
  }

  /** Events that were taken first after a later one of their device. */
  synchronized long disorder() {
    return disorder;
  }

  /** Seconds from when it was up again to the first event. */
  synchronized double secondsToFirst() {
    return (firstNanos - upNanos) / 1e9;
  }

  /** Seconds from when it was up again to the last event. */
  synchronized double secondsToLast() {
    return (lastNanos - upNanos) / 1e9;
  }

  /** The most that it took within any second since it was up again. */
  synchronized int mostInASecond() {
    int most = 0;
    int from = 0;
    for (int to = 0; to < timed; to++) {
      while (times[to] - times[from] >= WINDOW_NANOS) {
        from++;
      }
      most = Math.max(most, to - from + 1);
    }
    return most;
  }

  /** From when an event was due to when it was taken, in milliseconds. */
  synchronized double latencyMillis(double percentile) {
    return latency.getValueAtPercentile(percentile) / 1e3;
  }

  @Override
  public synchronized void close() {
    refuse();
  }
}
